// Every short form, each turned into its long form once, so that all that follows sees one shape.
import { type Rule, toGrammar } from '../keys/grammar.ts'
import { type MapNode, mapItems, mapValues, type Node } from '../node.ts'
import { Trail } from '../path.ts'
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

/** The file in long forms. */
export function makeCanonical(root: MapNode, context: CanonicalContext): MapNode {
  return new LongFormMaker(context).makeMap(root, GRAMMAR)
}

class LongFormMaker {
  readonly #context: CanonicalContext
  readonly #trail = new Trail()

  constructor(context: CanonicalContext) {
    this.#context = context
  }

  makeMap(map: MapNode, rule: Rule<CanonicalRow>): MapNode {
    return mapValues(map, ({ value }, key) => this.#makeAt(key, value, rule.keys.get(key) ?? rule.names))
  }

  #makeAt(step: string | number, node: Node, rule: Rule<CanonicalRow> | null): Node {
    if (!rule) return node
    this.#trail.enter(step)
    const long = rule.row ? rule.row.toLong(node, this.#trail, this.#context) : node
    const made = this.#makeInside(long, rule)
    this.#trail.leave()
    return made
  }

  #makeInside(node: Node, rule: Rule<CanonicalRow>): Node {
    if (node.kind === 'map') return this.makeMap(node, rule)
    if (node.kind === 'scalar' || !rule.items) return node
    return mapItems(node, (item, index) => this.#makeAt(index, item, rule.items))
  }
}
