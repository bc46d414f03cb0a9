// Every short form, each turned into its long form once, so that all that follows sees one shape.
import { type Rule, toGrammar } from '../keys/grammar.ts'
import type { MapNode, Node } from '../node.ts'
import { itemPath, keyPath } from '../path.ts'
import type { CanonicalContext, CanonicalRow, ToLong } from './canonical-row.ts'
import { commandToLong } from './command.ts'
import { dependsOnToLong } from './depends-on.ts'
import { deviceToLong, gpusToLong } from './devices.ts'
import { environmentToLong } from './environment.ts'
import { extraHostsToLong } from './extra-hosts.ts'
import { healthcheckToLong } from './healthcheck.ts'
import { externalToLong, listToMap, namesToMap, textToKey, textToList } from './lists.ts'
import { mountToLong } from './mounts.ts'
import { portsToLong } from './ports.ts'

const SERVICE = 'services.*'
const BUILD = `${SERVICE}.build`
const HOOKS = ['pre_start[]', 'post_start[]', 'pre_stop[]', 'develop.watch[].exec']
const DEVICES = ['gpus', 'deploy.resources.reservations.devices']

function rows(about: string, toLong: ToLong, paths: readonly string[]): CanonicalRow[] {
  return paths.map((path) => ({ path, about, toLong }))
}

function inService(...keys: string[]): string[] {
  return keys.map((key) => `${SERVICE}.${key}`)
}

export const CANONICAL: readonly CanonicalRow[] = [
  ...rows('a text is the context of the build', textToKey('context'), [BUILD]),
  ...rows(
    'a text is split into words',
    commandToLong,
    inService('command', 'entrypoint', ...HOOKS.map((hook) => `${hook}.command`)),
  ),
  ...rows(
    'a list of variables becomes a map',
    environmentToLong,
    inService('environment', ...HOOKS.map((hook) => `${hook}.environment`)),
  ),
  ...rows('a list becomes a map', listToMap, [
    ...inService('labels', 'annotations', 'sysctls', 'deploy.labels', 'volumes[].volume.labels'),
    ...DEVICES.map((key) => `${SERVICE}.${key}[].options`),
    ...['args', 'ssh', 'labels', 'additional_contexts'].map((key) => `${BUILD}.${key}`),
    ...['networks', 'volumes', 'configs', 'secrets'].map((key) => `${key}.*.labels`),
  ]),
  ...rows('a list of names becomes a map', namesToMap, inService('networks', 'models')),
  ...rows(
    'a text becomes a list of one',
    textToList,
    inService('dns', 'dns_search', 'tmpfs', 'develop.watch[].ignore', 'develop.watch[].include'),
  ),
  ...rows('the old form of `external` becomes a name', externalToLong, [
    ...['networks', 'volumes', 'configs', 'secrets'].map((key) => `${key}.*`),
  ]),
  ...rows(
    'a name becomes a grant of it',
    textToKey('source'),
    inService('configs[]', 'secrets[]', 'build.secrets[]'),
  ),
  ...rows('short forms and ranges become one long form per port', portsToLong, inService('ports')),
  ...rows('a short form becomes a mount', mountToLong, inService('volumes[]')),
  ...rows('a short form becomes a device', deviceToLong, inService('devices[]')),
  ...rows('`all` becomes a request for all', gpusToLong, inService('gpus')),
  ...rows('hosts become a map of lists', extraHostsToLong, inService('extra_hosts', 'build.extra_hosts')),
  ...rows('a list becomes a map with conditions', dependsOnToLong, inService('depends_on')),
  ...rows('a text test becomes CMD-SHELL', healthcheckToLong, inService('healthcheck')),
]

const GRAMMAR = toGrammar(CANONICAL)

/** Turns the file into long forms, in place: the tree is nobody else's (see `checkKeys`). */
export function makeCanonical(root: MapNode, context: CanonicalContext): void {
  makeBelow(root, GRAMMAR, '', context)
}

function makeLong(node: Node, rule: Rule<CanonicalRow>, path: string, context: CanonicalContext): Node {
  const long = rule.row ? rule.row.toLong(node, path, context) : node
  makeBelow(long, rule, path, context)
  return long
}

function makeBelow(node: Node, rule: Rule<CanonicalRow>, path: string, context: CanonicalContext): void {
  if (node.kind === 'map') {
    node.entries.forEach((entry, key) => {
      const below = rule.keys.get(key) ?? rule.names
      if (below) entry.value = makeLong(entry.value, below, keyPath(path, key), context)
    })
  }
  const { items: itemRule } = rule
  if (node.kind === 'list' && itemRule)
    node.items.forEach((item, index) => {
      node.items[index] = makeLong(item, itemRule, itemPath(path, index), context)
    })
}
