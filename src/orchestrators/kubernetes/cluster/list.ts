// Lists the systems that the cluster holds, from their objects alone: for a store that has lost its records, and for
// finding what belongs to nobody.
import type { Exposure } from '../../../system/endpoint.ts'
import type { LiveObject, LiveSystem } from '../../../system/live.ts'
import type { ClusterFacts } from '../facts.ts'
import { ANNOTATION, LABEL } from '../labels.ts'
import type { Client } from './client.ts'
import { toEndpoints } from './endpoints.ts'
import { type Found, standsAlone, subjectOf } from './found.ts'
import { type Kind, kindsOfIncarnation } from './kinds.ts'
import type { KubeObject } from './objects.ts'
import { servicesIn } from './pod-services.ts'
import type { Resources } from './resources.ts'
import { identityOf, managedSelector } from './selectors.ts'
import { servedNamespaces } from './served-namespaces.ts'

export type ListSystemsOptions = {
  client: Client
  resources: Resources
  /** Where systems are looked for; empty: in that of the kubeconfig's context. */
  namespaces: readonly string[]
  facts: (signal: AbortSignal) => Promise<ClusterFacts>
}

/** These are read whole, because they say where the published ports are. */
const publishing: ReadonlySet<string> = new Set(['Service', 'Ingress'])

/**
 * Only of the namespaces that are served, because another Tycho may serve others of the same cluster. What is being
 * deleted already is left out. Throws TychoError where the cluster can't tell.
 */
export function createList({ client, resources, namespaces, facts }: ListSystemsOptions) {
  return async function list(signal: AbortSignal): Promise<LiveSystem[]> {
    const { nodeAddresses } = await facts(signal)
    const served = await servedNamespaces(client, namespaces)
    const lists = await Promise.all(
      served.flatMap((one) => kindsOfIncarnation.map((kind) => findOf(kind, one, resources, signal))),
    )
    return groupBySystem(lists.flat()).map((found) => toLiveSystem(found, nodeAddresses))
  }
}

async function findOf(
  kind: Kind,
  namespace: string,
  resources: Resources,
  signal: AbortSignal,
): Promise<Found[]> {
  const metadataOnly = !publishing.has(kind.kind)
  const items = await resources.list({ kind, namespace, selector: managedSelector, metadataOnly }, signal)
  return items.filter(({ metadata }) => !metadata.deletionTimestamp).map((object) => ({ kind, object }))
}

/** Only of incarnations of which something stands that nothing else will take along. */
function groupBySystem(all: readonly Found[]): Found[][] {
  const groups = Map.groupBy(
    all.filter(({ object }) => identityOf(object.metadata) !== undefined),
    ({ object: { metadata } }) => `${metadata.namespace}/${metadata.labels?.[LABEL.sid]}`,
  )
  return [...groups.values()].filter((found) => found.some(standsAlone))
}

function toLiveSystem(found: readonly Found[], nodeAddresses: readonly string[]): LiveSystem {
  const alone = found.filter(standsAlone)
  const objects = alone.map(toLiveObject).sort((a, b) => a.subject.localeCompare(b.subject))
  const first = alone[0]?.object.metadata
  const identity = identityOf(first ?? {})
  if (!identity) throw new Error('objects of no incarnation were grouped as one')
  const ofKind = (name: string) => found.filter(({ kind }) => kind.kind === name).map(({ object }) => object)
  const ingresses = ofKind('Ingress')
  return {
    identity,
    createdAt: Math.min(...objects.map(({ createdAt }) => createdAt)),
    job: newestJob(alone),
    exposure: exposureOf(ofKind('Service'), ingresses),
    suspended: found.some(({ object }) => object.metadata.annotations?.[ANNOTATION.suspended] === 'true'),
    services: namedServices(found),
    endpoints: ofKind('Service').flatMap((service) => toEndpoints(service, nodeAddresses, ingresses)),
    objects,
  }
}

export function toLiveObject(one: Found): LiveObject {
  const { metadata } = one.object
  return {
    subject: subjectOf(one),
    name: metadata.name,
    uid: metadata.uid,
    createdAt: Date.parse(metadata.creationTimestamp ?? '') || 0,
  }
}

/** Ids of jobs sort by time. */
function newestJob(found: readonly Found[]): string | null {
  const jobs = found.flatMap(({ object }) => object.metadata.annotations?.[ANNOTATION.job] ?? [])
  return jobs.sort().at(-1) ?? null
}

function namedServices(found: readonly Found[]): string[] {
  const running = found.filter(
    ({ kind, object }) => kind.role === 'workload' && object.metadata.labels?.[LABEL.gate] === undefined,
  )
  return [...new Set(running.flatMap(({ object }) => servicesIn(object.metadata)))].sort()
}

function exposureOf(services: readonly KubeObject[], ingresses: readonly KubeObject[]): Exposure {
  if (ingresses.length > 0) return 'ingress'
  const types = services.map(({ spec }) => spec?.type)
  if (types.includes('LoadBalancer')) return 'loadBalancer'
  return types.includes('NodePort') ? 'nodePort' : 'clusterIP'
}
