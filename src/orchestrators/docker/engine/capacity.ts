// What the engine's machine has, and what systems use of it. An engine sets nothing aside but memory, and has no limits
// but those of its machine.
import type { Capacity, CapacityAsked, NodesCapacity } from '../../../system/capacity.ts'
import { createCached } from '../../shared/cached.ts'
import { concurrently } from '../../shared/concurrently.ts'
import type { EngineClient } from './client.ts'
import type { PortRange } from './host-ports.ts'
import type { ListedContainer, LiveContainer } from './live.ts'
import { toFullReference } from './reference.ts'
import type { Requests } from './requests.ts'
import { managed } from './selectors.ts'

/** Long enough for those who ask at once; short, because a batch that was launched changes it. */
const times = { freshMs: 2_000, failureMs: 1_000, limitMs: 30_000 }
const inspectsAtOnce = 8

/** Linux takes so many ports on one bridge; containers on many networks are bounded by their processes before. */
const mostContainers = 10_000

type Info = { Name?: string; NCPU?: number; MemTotal?: number }
type ListedImage = { RepoTags?: string[] | null }

export function createCapacity(
  { client, requests }: { client: EngineClient; requests: Requests },
  ports: PortRange,
): (asked: CapacityAsked, signal: AbortSignal) => Promise<Capacity> {
  const containers = createCached(times, (signal) => requests.containers('{}', signal))
  const nodes = createCached({ ...times, freshMs: 10_000 }, (signal) => readNodes(client, requests, signal))
  return async (asked, signal) => ({
    namespaces: asked.namespaces.map((namespace) => ({
      namespace,
      state: 'present',
      bounds: [],
      unread: [],
    })),
    services: null,
    nodePorts: asked.nodePorts ? toPortCapacity(ports, await containers(signal)) : null,
    nodes: asked.nodes ? await nodes(signal) : null,
  })
}

function toPortCapacity({ from, to }: PortRange, containers: readonly ListedContainer[]) {
  const published = containers.flatMap(({ Ports: ports = [] }) =>
    ports.flatMap(({ PublicPort: port = 0, Type: type }) =>
      port >= from && port <= to ? `${port}/${type}` : [],
    ),
  )
  return { limit: to - from + 1, used: new Set(published).size, isWhole: true }
}

async function readNodes(
  client: EngineClient,
  requests: Requests,
  signal: AbortSignal,
): Promise<NodesCapacity> {
  const info = await client.json<Info>({ method: 'GET', path: '/info', what: 'its facts' }, signal)
  const images = await client.json<ListedImage[]>(
    { method: 'GET', path: '/images/json', what: 'its images' },
    signal,
  )
  const listed = await requests.containers(managed, signal)
  const running = listed.filter(({ State }) => State === 'running')
  const live = await concurrently(running, inspectsAtOnce, ({ Id }) => requests.container(Id, signal))
  const names = images.flatMap(({ RepoTags: tags }) => tags ?? []).filter((tag) => tag !== '<none>:<none>')
  return {
    count: 1,
    cpu: { allocatable: info.NCPU ?? 0, requested: 0 },
    memory: { allocatable: info.MemTotal ?? 0, requested: live.reduce((sum, one) => sum + setAside(one), 0) },
    pods: { allocatable: mostContainers, requested: running.length },
    images: new Map([[info.Name ?? 'engine', new Set(names.map(toFullReference))]]),
  }
}

function setAside(container: LiveContainer | undefined): number {
  const { MemoryReservation: bytes } = container?.HostConfig ?? {}
  return typeof bytes === 'number' ? bytes : 0
}
