// One container of a system: found as it should be, started, made, or made anew.
import { type Problem, TychoError } from '../../../problem.ts'
import type { ApplyInput } from '../../orchestrator.ts'
import type { ContainerObject } from '../objects.ts'
import { changesOf } from './changes.ts'
import { toCreateBody, toEndpoint } from './container-body.ts'
import { startFailed } from './diagnose.ts'
import { codes, hasCode, wordsOf } from './engine-error.ts'
import { runPostStart } from './exec.ts'
import type { PortRange } from './host-ports.ts'
import { type LiveContainer, labelsOf } from './live.ts'
import { createPorts, isPortTaken, type Ports } from './ports.ts'
import { type Action, isAsWanted, notOurs, type Wanted, type WriteScope, writtenLabels } from './scope.ts'
import { isOfIncarnation } from './selectors.ts'
import { removeContainer, stopContainer } from './stop.ts'

export type ContainerScope = WriteScope & {
  /** Called before a container is made anew; throws where that has to wait. */
  beforeReplacing?: () => Promise<void>
  portRange: PortRange
  /** Name of a network -> its id. */
  networks: ReadonlyMap<string, string>
  /** Name of a files object -> where the engine's host has it. */
  folders: ReadonlyMap<string, string>
  /** Reference -> id of the image that it means now. */
  images: ReadonlyMap<string, string>
}

export type MadeContainer = { action: Action; live: LiveContainer; problems: Problem[] }

/** Repeatable. Throws `OBJECT_NOT_OURS`, `CONTAINER_START_FAILED` and what the engine answers. */
export async function makeContainer(
  wanted: Wanted<ContainerObject>,
  scope: ContainerScope,
): Promise<MadeContainer> {
  const { object } = wanted
  const { requests, input, signal } = scope
  const live = await requests.container(object.name, signal)
  if (!live) return create(wanted, scope)
  if (!isOfIncarnation(labelsOf(live), input.identity)) throw notOurs(wanted, labelsOf(live))
  const isChanged = input.mode === 'update' && changesOf(object, live).length > 0
  if (isChanged || !isCurrent(live, object, scope)) {
    await scope.beforeReplacing?.()
    await input.fence.check()
    await removeContainer(live, scope)
    return create(wanted, scope, live)
  }
  const came = await bringToState(live, wanted, scope)
  switch (came) {
    case 'as it was':
      return { action: 'unchanged', live, problems: [] }
    case 'moved':
      return { action: 'configured', live: await read(object, scope), problems: [] }
    case 'not to be started':
      await requests.removeContainer(live.Id, object.name, signal)
      return create(wanted, scope, live)
    default:
      return came satisfies never
  }
}

/** Made from the same, of the image that its reference means now, and on its networks. */
export function isCurrent(
  live: LiveContainer,
  object: ContainerObject,
  { images, networks }: Pick<ContainerScope, 'images' | 'networks'>,
): boolean {
  if (!isAsWanted(labelsOf(live), object)) return false
  const image = images.get(object.image)
  if (image !== undefined && image !== live.Image) return false
  const attached = live.NetworkSettings?.Networks ?? {}
  return object.networks.every(({ network }) => {
    const id = attached[network]?.NetworkID
    return network in attached && (!id || !networks.has(network) || id === networks.get(network))
  })
}

type Came = 'as it was' | 'moved' | 'not to be started'

/** One that has ended by itself is only started again by a change. */
async function bringToState(
  live: LiveContainer,
  wanted: Wanted<ContainerObject>,
  scope: ContainerScope,
): Promise<Came> {
  const { object } = wanted
  const { input, client, signal } = scope
  if (isAtRest(live, object, input.mode)) return 'as it was'
  await input.fence.check()
  if (object.suspended) {
    await stopContainer(live, scope)
    return 'moved'
  }
  if (live.State.Status === 'paused') {
    const path = `/containers/${live.Id}/unpause`
    await client.json({ method: 'POST', path, what: `container ${object.name}` }, signal)
    return 'moved'
  }
  const words = await start(live.Id, object, scope)
  if (words === null) return 'moved'
  if (isPortTaken(words) || leftBehind.test(words)) return 'not to be started'
  throw startError(wanted, words)
}

/** Nothing is to be done for it to be as it should. */
function isAtRest(
  { State: state, ...live }: LiveContainer,
  object: ContainerObject,
  mode: ApplyInput['mode'],
) {
  const isUp = state.Status === 'running' || state.Status === 'restarting'
  if (object.suspended) return !isUp && state.Status !== 'paused'
  if (isUp) return true
  if (state.Status !== 'exited') return false
  return mode === 'create' || (state.ExitCode === 0 && runsOnce(live))
}

function runsOnce({ HostConfig: { RestartPolicy: policy } }: Pick<LiveContainer, 'HostConfig'>): boolean {
  return policy?.Name !== 'always' && policy?.Name !== 'unless-stopped'
}

async function read(object: ContainerObject, { requests, signal }: WriteScope): Promise<LiveContainer> {
  const live = await requests.container(object.name, signal)
  if (live) return live
  throw new TychoError('OBJECT_NOT_FOUND', `container/${object.name} is gone again`, {
    status: 503,
    remedy: 'retry',
  })
}

/** `before`: the one that it takes the place of, and whose ports it keeps where it may have any. */
async function create(
  wanted: Wanted<ContainerObject>,
  scope: ContainerScope,
  before?: LiveContainer,
): Promise<MadeContainer> {
  const { object } = wanted
  const action: Action = before ? 'recreated' : 'created'
  const others = object.ports.length > 0 ? await scope.requests.containers('{}', scope.signal) : []
  const ports = createPorts(wanted, scope.portRange, others, before)
  for (;;) {
    const id = await createOnce(wanted, ports, scope)
    if (id === null) return makeContainer(wanted, scope)
    const words = object.suspended ? null : await start(id, object, scope)
    if (words === null) return { action, live: await read(object, scope), problems: ports.problems() }
    if (!isPortTaken(words) || !ports.refuse(words)) throw startError(wanted, words)
    await scope.requests.removeContainer(id, object.name, scope.signal)
  }
}

/** Null where somebody else has made one of this name meanwhile. */
async function createOnce(
  { object }: Wanted<ContainerObject>,
  ports: Ports,
  scope: ContainerScope,
): Promise<string | null> {
  const { client, input, signal, folders } = scope
  const labels = writtenLabels(object, input.fence.job)
  const body = toCreateBody(object, { labels, ports: ports.choose(), folders })
  const what = `container ${object.name}`
  const query = { name: object.name }
  await input.fence.check()
  try {
    const path = '/containers/create'
    const { Id: id } = await client.json<{ Id: string }>(
      { method: 'POST', path, query, body, what, limitMs: 120_000 },
      signal,
    )
    await connectOthers(id, object, scope)
    return id
  } catch (error) {
    if (hasCode(error, codes.conflict) && /already in use/i.test(wordsOf(error))) return null
    throw error
  }
}

/** An engine older than API 1.44 takes one network at the create. */
async function connectOthers(
  id: string,
  object: ContainerObject,
  { client, networks, signal }: ContainerScope,
): Promise<void> {
  for (const network of object.networks.slice(1)) {
    const path = `/networks/${encodeURIComponent(networks.get(network.network) ?? network.network)}/connect`
    const body = { Container: id, EndpointConfig: toEndpoint(network) }
    await client.json({ method: 'POST', path, body, what: `network ${network.network}` }, signal)
  }
}

/** An engine that ended in the middle of a start can't start this container any more; another one it can. */
const leftBehind = /\btask [0-9a-f]+:? already exists/i

/** Not the container's own doing: the engine could not run it at all. */
const cannotRun =
  /OCI|runc|crun|executable file not found|exec format error|permission denied|no such file or directory|mount|port is already allocated|address already in use|failed to bind|driver failed programming/i

/** The engine's words where it can not start it; throws what may be better at another time. */
async function start(
  id: string,
  object: ContainerObject,
  { requests, client, input, signal }: WriteScope,
): Promise<string | null> {
  await input.fence.check()
  try {
    await requests.start(id, object.name, signal)
    const { service, postStart: steps } = object
    await runPostStart(client, id, { service, steps }, signal)
    return null
  } catch (error) {
    const words = wordsOf(error)
    if (hasCode(error, 'ENGINE_ERROR') || hasCode(error, codes.invalid) || hasCode(error, codes.notFound))
      if (cannotRun.test(words) || leftBehind.test(words)) return words
    throw error
  }
}

function startError({ object, manifest }: Wanted<ContainerObject>, words: string): TychoError {
  const message = `${object.service}: ${startFailed(words)}`
  return new TychoError('CONTAINER_START_FAILED', message, {
    status: 422,
    problems: [{ code: 'CONTAINER_START_FAILED', severity: 'error', path: manifest.path, message }],
    details: { service: object.service },
  })
}
