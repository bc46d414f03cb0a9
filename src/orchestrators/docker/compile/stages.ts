// From services to stages: what is made together, and what must have happened before.
import { distinctRequirements } from '../../../system/requirements.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Manifest, Stage } from '../../orchestrator.ts'
import { toContainers, toStepContainers } from './container.ts'
import type { Context } from './context.ts'
import { toFiles } from './file-objects.ts'
import { toImages } from './image.ts'
import { hashIn } from './manifest.ts'
import { attachedTo, toNetworkName, toNetworks } from './networks.ts'
import { hostsOf } from './rights.ts'
import { levelsIn, type Node, nodesIn } from './stage-nodes.ts'
import { toVolumes } from './volumes.ts'

/**
 * Invariant: everything that is no container stands in the first stage, in the order in which one builds on the other:
 * images, networks, volumes, files. So an image that can't be had fails the start before anything runs.
 */
export function toStages(context: Context): Stage[] {
  const ground = [...toImages(context), ...toNetworks(context), ...toVolumes(context), ...toAllFiles(context)]
  const nodes = nodesIn(context)
  const make = createMaker(context, ground)
  return levelsIn(nodes, context).map((keys, at) => {
    const level = keys.flatMap((key) => nodes.get(key) ?? [])
    const containers = level.flatMap(make)
    return {
      services: keys,
      requires: context.suspended ? [] : distinctRequirements(level.flatMap(({ requires }) => requires)),
      manifests: at === 0 ? [...ground, ...containers] : containers,
    }
  })
}

function toAllFiles(context: Context): Manifest[] {
  return Object.entries(context.spec.services).flatMap(
    ([name, service]) => toFiles(name, service, context) ?? [],
  )
}

/** To be asked in the order of the stages: a container counts on the hashes of those whose place it shares. */
function createMaker(context: Context, ground: readonly Manifest[]): (node: Node) => Manifest[] {
  const hashes = new Map(ground.map((manifest) => [manifest.subject, hashIn(manifest)]))
  const madeOf = new Map<string, string>()
  return ({ service: name, step }) => {
    const service = context.spec.services[name]
    if (!service) return []
    const seeds = seedsOf(service, context, hashes, madeOf)
    if (step) return toStepContainers(name, step, context, seeds)
    const manifests = toContainers(name, service, context, seeds)
    madeOf.set(name, manifests.map(hashIn).join())
    return manifests
  }
}

/** Networks, containers whose namespaces or volumes are shared, and dependencies whose change restarts the service. */
function seedsOf(
  service: ServiceSpec,
  context: Context,
  hashes: ReadonlyMap<string, string>,
  madeOf: ReadonlyMap<string, string>,
): string[] {
  const networks = attachedTo(service).map((key) => `network/${toNetworkName(key, context)}`)
  const restarting = Object.entries(service.dependsOn).filter(([, { restart }]) => restart)
  const others = [
    ...hostsOf(service),
    ...service.mountsFrom.flatMap(({ from, name }) => (from === 'service' ? name : [])),
    ...restarting.map(([name]) => name),
  ]
  return [
    ...networks.flatMap((subject) => hashes.get(subject) ?? []),
    ...[...new Set(others)].flatMap((name) => madeOf.get(name) ?? []),
  ]
}
