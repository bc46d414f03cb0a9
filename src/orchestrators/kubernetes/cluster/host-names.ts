// The names of StatefulSets in the hosts files of a system's pods: the addresses behind them are known only here.
import { TychoError } from '../../../problem.ts'
import { ANNOTATION } from '../labels.ts'
import type { Body, Desired } from './desired.ts'
import { kindOf } from './kinds.ts'
import { type Tree, toTree } from './tree.ts'
import type { WriteScope } from './write.ts'

/** Of a V1Service of the system, by its name: its cluster IP, which stays as long as the V1Service does. */
export type Addresses = (service: string) => Promise<string>

/** Reads each V1Service once. They are written before what needs their addresses. */
export function createAddresses({ resources, identity, signal }: WriteScope): Addresses {
  const known = new Map<string, Promise<string>>()
  const read = async (name: string): Promise<string> => {
    const kind = kindOf('v1', 'Service')
    if (!kind) throw new TychoError('OBJECT_INVALID', 'This engine knows no V1Services')
    const live = await resources.read({ kind, namespace: identity.namespace, name }, signal)
    const { clusterIP } = toTree(live?.spec)
    if (typeof clusterIP === 'string' && /[.:]/.test(clusterIP)) return clusterIP
    throw new TychoError('ADDRESS_UNKNOWN', `Service/${name} has no address of its own in the cluster`)
  }
  return (name) => {
    const reading = known.get(name) ?? read(name)
    known.set(name, reading)
    return reading
  }
}

/** The same with the addresses in the hosts file of its pods, where the manifest names V1Services. */
export async function withHostNames(desired: Desired, addresses: Addresses): Promise<Desired> {
  const text = desired.body.metadata.annotations[ANNOTATION.hosts]
  if (text === undefined) return desired
  const services: Record<string, string> = JSON.parse(text)
  const aliases = await Promise.all(
    Object.entries(services).map(async ([host, service]) => ({
      ip: await addresses(service),
      hostnames: [host],
    })),
  )
  return { ...desired, body: withAliases(desired.body, aliases) }
}

/** A CronJob has its pods' template one level deeper. */
function withAliases(body: Body, aliases: readonly Tree[]): Body {
  const spec = toTree(body.spec)
  if (body.kind !== 'CronJob') return { ...body, spec: inTemplate(spec, aliases) }
  const jobTemplate = toTree(spec.jobTemplate)
  const job = inTemplate(toTree(jobTemplate.spec), aliases)
  return { ...body, spec: { ...spec, jobTemplate: { ...jobTemplate, spec: job } } }
}

function inTemplate(spec: Tree, aliases: readonly Tree[]): Tree {
  const template = toTree(spec.template)
  const pod = toTree(template.spec)
  const given = Array.isArray(pod.hostAliases) ? pod.hostAliases : []
  return { ...spec, template: { ...template, spec: { ...pod, hostAliases: [...aliases, ...given] } } }
}
