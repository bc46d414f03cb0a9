// What the nodes have, what their pods ask for, and which images they hold.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { NodeAmount, NodesCapacity } from '../../../../system/capacity.ts'
import { toFullImage } from '../../../../system/images.ts'
import { toThousandths } from '../../../../system/needs.ts'
import { amountOfPod, type ContainersOf } from '../../pod-amount.ts'
import { readQuantity } from '../../quantity.ts'
import type { Client } from '../client.ts'
import type { KubeList, KubeObject } from '../objects.ts'
import { ifAllowed } from './if-allowed.ts'

type Node = {
  spec: { unschedulable?: boolean; taints?: { effect: string }[] }
  status: { allocatable?: Record<string, string>; images?: { names?: string[] | null }[] }
}

type Requests = Record<'cpu' | 'memory' | 'pods', number>

/** A page is parsed in one go: so many keep the event loop for some ten milliseconds. */
const pageSize = 250

/** Above that many the reading costs more than the answer is worth. */
const mostPods = 20_000

/** Null where they may not be read. Nodes that take no pods are left out. */
export async function readNodes(client: Client, signal: AbortSignal): Promise<NodesCapacity | null> {
  const found = await ifAllowed(
    readSome(client, '/api/v1/nodes', {}, Number.POSITIVE_INFINITY, toNode, signal),
  )
  if (!found) return null
  const nodes = found.filter(({ takesPods }) => takesPods)
  const requests = await ifAllowed(readRequests(client, signal))
  const amountOf = (name: keyof Requests): NodeAmount => ({
    allocatable: toThousandths(nodes.reduce((sum, { allocatable }) => sum + allocatable[name], 0)),
    requested: requests ? toThousandths(requests[name]) : null,
  })
  return {
    count: nodes.length,
    cpu: amountOf('cpu'),
    memory: amountOf('memory'),
    pods: amountOf('pods'),
    images: new Map(nodes.map(({ name, images }) => [name, images])),
  }
}

function toNode({ metadata, spec, status }: KubeObject) {
  const { unschedulable, taints = [] } = (spec ?? {}) as Node['spec']
  const { allocatable = {}, images = [] } = (status ?? {}) as Node['status']
  const keepsOut = taints.some(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute')
  return {
    name: metadata.name,
    takesPods: !unschedulable && !keepsOut,
    allocatable: {
      cpu: readQuantity(allocatable.cpu),
      memory: readQuantity(allocatable.memory),
      pods: readQuantity(allocatable.pods),
    },
    images: new Set(images.flatMap(({ names }) => (names ?? []).map(toFullImage))),
  }
}

/** Of all pods that have not ended, wherever they run. Undefined where there are too many of them. */
async function readRequests(client: Client, signal: AbortSignal): Promise<Requests | undefined> {
  const fieldSelector = 'status.phase!=Succeeded,status.phase!=Failed'
  const pods = await readSome(client, '/api/v1/pods', { fieldSelector }, mostPods, requestsOfPod, signal)
  if (!pods) return undefined
  return pods.reduce(
    (sum, one) => ({
      cpu: sum.cpu + one.cpu,
      memory: sum.memory + one.memory,
      pods: sum.pods + one.pods,
    }),
    { cpu: 0, memory: 0, pods: 0 },
  )
}

type Container = { resources?: { requests?: Record<string, string> } }

function requestsOfPod({ spec = {} }: KubeObject): Requests {
  const pod = spec as ContainersOf<Container> & { overhead?: Record<string, string> }
  const of = (name: string) =>
    amountOfPod(pod, ({ resources }) => resources?.requests?.[name]) + readQuantity(pod.overhead?.[name])
  return { cpu: of('cpu'), memory: of('memory'), pods: 1 }
}

/** What `pick` leaves of each object, page by page; undefined where there are more than `most`. */
async function readSome<T>(
  client: Client,
  path: string,
  selectors: Record<string, string>,
  most: number,
  pick: (object: KubeObject) => T,
  signal: AbortSignal,
): Promise<T[] | undefined> {
  const picked: T[] = []
  for (let next: string | undefined = ''; next !== undefined; ) {
    const query = { ...selectors, limit: `${pageSize}`, ...(next && { continue: next }) }
    const page: KubeList = await client.request<KubeList>(
      { method: 'GET', path, query, context: { subject: path.slice('/api/v1/'.length) } },
      signal,
    )
    for (const object of page.items ?? []) picked.push(pick(object))
    next = page.metadata?.continue || undefined
    if (next && picked.length >= most) return undefined
    await nextTurn()
  }
  return picked
}
