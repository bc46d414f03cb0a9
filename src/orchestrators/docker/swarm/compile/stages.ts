// From services to stages: what is made together, and what must have happened before.
import { distinctRequirements } from '../../../../system/requirements.ts'
import type { Manifest, Stage } from '../../../orchestrator.ts'
import type { Context } from '../../compile/context.ts'
import { hashIn } from '../../compile/manifest.ts'
import { describeNetwork, usedNetworks } from '../../compile/networks.ts'
import { levelsIn, type Node, nodesIn } from '../../compile/stage-nodes.ts'
import type { NetworkObject } from '../../objects.ts'
import { toFiles } from './files.ts'
import { toManifest } from './manifest.ts'
import { toService, toStep } from './service.ts'

/** Networks, configs and secrets stand in the first stage, so that no service of a later one lacks them. */
export function toStages(context: Context): Stage[] {
  const ground = [...toNetworks(context), ...toAllFiles(context)]
  const nodes = nodesIn(context)
  const make = createMaker(context)
  return levelsIn(nodes, context).map((keys, at) => {
    const level = keys.flatMap((key) => nodes.get(key) ?? [])
    const services = level.flatMap(make)
    return {
      services: keys,
      requires: context.suspended ? [] : distinctRequirements(level.flatMap(({ requires }) => requires)),
      manifests: at === 0 ? [...ground, ...services] : services,
    }
  })
}

/** A bridge reaches no further than its node. */
function toNetworks(context: Context): Manifest[] {
  return usedNetworks(context).map((key) => {
    const network = context.spec.networks[key] ?? null
    const object: NetworkObject = { ...describeNetwork(key, network, context), driver: 'overlay' }
    return toManifest(object, network ? `networks.${key}` : 'networks')
  })
}

/** Each once, whatever number of services mount it. */
function toAllFiles(context: Context): Manifest[] {
  const all = Object.entries(context.spec.services).flatMap(([name, service]) =>
    toFiles(name, service, context),
  )
  return [...new Map(all.map((manifest) => [manifest.subject, manifest])).values()]
}

/** To be asked in the order of the stages: a service counts on the hashes of those whose change restarts it. */
function createMaker(context: Context): (node: Node) => Manifest[] {
  const madeOf = new Map<string, string>()
  return ({ service: name, step }) => {
    const service = context.spec.services[name]
    if (!service) return []
    const seeds = Object.entries(service.dependsOn).flatMap(([other, { restart }]) =>
      restart ? (madeOf.get(other) ?? []) : [],
    )
    if (step) return [toStep(name, step, context, seeds)]
    const manifest = toService(name, service, context, seeds)
    madeOf.set(name, hashIn(manifest))
    return [manifest]
  }
}
