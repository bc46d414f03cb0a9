// Applies one stage: images first, then what containers need, then the containers, service by service.
import type { Problem, TychoError } from '../../../problem.ts'
import type { ChangeSet } from '../../../system/change.ts'
import type { Applied, ApplyInput } from '../../orchestrator.ts'
import { concurrently } from '../../shared/concurrently.ts'
import { toReason } from '../../shared/diagnosis.ts'
import type { ContainerObject } from '../objects.ts'
import { subjectOf } from '../objects.ts'
import type { EngineClient } from './client.ts'
import { type ContainerScope, type MadeContainer, makeContainer } from './containers.ts'
import { endpointsOf } from './endpoints.ts'
import { hasCode } from './engine-error.ts'
import { folderOf, makeFiles } from './files.ts'
import type { PortRange } from './host-ports.ts'
import type { Images } from './images.ts'
import type { Networks } from './networks.ts'
import { serviceStanding } from './readiness.ts'
import type { Requests } from './requests.ts'
import { untilReady } from './rollout.ts'
import { ofKind, type Wanted, type WriteScope, wantedOf } from './scope.ts'
import { toSeen } from './seen.ts'
import { makeVolume } from './volumes.ts'

export type Applying = {
  client: EngineClient
  requests: Requests
  networks: Networks
  images: Images
  portRange: PortRange
  /** In URLs of ports that all addresses have. */
  publicHost: () => Promise<string>
}

type Report = { changes: ChangeSet; problems: Problem[] }

/** Services of one stage that are written at once. */
const servicesAtOnce = 8

/** Repeatable: what is there already and ours is adopted. Throws TychoError; each write is fenced. */
export async function applyStage(
  applying: Applying,
  input: ApplyInput,
  signal: AbortSignal,
): Promise<Applied> {
  const { client, requests, portRange } = applying
  const wanted = wantedOf(input.stage)
  const scope: WriteScope = { client, requests, input, signal }
  const report: Report = { changes: [], problems: [] }
  const images = await makeImages(applying, wanted, scope, report)
  const networks = await makeNetworks(applying, wanted, scope, report)
  await makeVolumes(wanted, scope, report)
  const folders = await makeAllFiles(wanted, scope, report)
  const made = await makeContainers(ofKind(wanted, 'container'), {
    ...scope,
    portRange,
    networks,
    folders,
    images,
  })
  const host = await applying.publicHost()
  const ordered = made.toSorted((a, b) => a.index - b.index)
  return {
    changes: [
      ...report.changes,
      ...ordered.map(({ object, action }) => ({ subject: subjectOf(object), action })),
    ],
    problems: [...report.problems, ...ordered.flatMap(({ problems }) => problems)],
    endpoints: ordered.flatMap(({ live }) => endpointsOf(live, host)),
    versions: versionsOf(ordered),
    memo: input.memo,
  }
}

async function makeImages(
  { images }: Applying,
  wanted: readonly Wanted[],
  scope: WriteScope,
  { changes }: Report,
): Promise<Map<string, string>> {
  const containers = ofKind(wanted, 'container')
  const servicesOf = ({ object: { name: image }, manifest }: Wanted): string[] => {
    const own = containers.filter(({ object }) => object.image === image).map(({ object }) => object.service)
    // Services of later stages are not among these objects.
    return own.length > 0 ? [...new Set(own)] : (/^services\.([^.[]+)/.exec(manifest.path)?.slice(1) ?? [])
  }
  const ids = await concurrently(ofKind(wanted, 'image'), servicesAtOnce, async (one) => {
    const services = servicesOf(one)
    const { id, action } = await images.make(one, services, scope).catch(async (error: unknown) => {
      if (hasCode(error, 'PULLING') || hasCode(error, 'BUILDING')) await tellImage(scope, services, error)
      throw error
    })
    if (action !== 'unchanged') changes.push({ subject: subjectOf(one.object), action })
    return [one.object.name, id] as const
  })
  const known = new Map(ids)
  const others = new Set(containers.map(({ object }) => object.image).filter((image) => !known.has(image)))
  for (const image of others) {
    const live = await scope.requests.image(image, scope.signal)
    if (live) known.set(image, live.Id)
  }
  return known
}

/** The task ends here and comes again: what it waits for is seen meanwhile. */
async function tellImage(
  { input }: WriteScope,
  services: readonly string[],
  { code, message }: TychoError,
): Promise<void> {
  const waits = services.map((service) => {
    const words = message.startsWith(`${service}: `) ? message.slice(service.length + 2) : message
    return [service, toReason(code, words)] as const
  })
  await input.tell?.(Object.fromEntries(waits))
}

async function makeNetworks(
  { networks }: Applying,
  wanted: readonly Wanted[],
  scope: WriteScope,
  { changes }: Report,
): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  for (const one of ofKind(wanted, 'network')) {
    const { action, id } = await networks.make(one, scope)
    ids.set(one.object.name, id)
    if (!one.object.external) changes.push({ subject: subjectOf(one.object), action })
  }
  return ids
}

async function makeVolumes(
  wanted: readonly Wanted[],
  scope: WriteScope,
  { changes, problems }: Report,
): Promise<void> {
  for (const one of ofKind(wanted, 'volume')) {
    const made = await makeVolume(one, scope)
    problems.push(...made.problems)
    if (!one.object.external) changes.push({ subject: subjectOf(one.object), action: made.action })
  }
}

/** Those of earlier stages too, where containers of this one mount them. */
async function makeAllFiles(
  wanted: readonly Wanted[],
  scope: WriteScope,
  { changes }: Report,
): Promise<Map<string, string>> {
  const folders = new Map<string, string>()
  for (const one of ofKind(wanted, 'files')) {
    const { action, folder } = await makeFiles(one, scope)
    folders.set(one.object.name, folder)
    changes.push({ subject: subjectOf(one.object), action })
  }
  const mounted = ofKind(wanted, 'container').flatMap(({ object }) => object.files.map(({ files }) => files))
  for (const name of new Set(mounted)) {
    const live = folders.has(name) ? undefined : await scope.requests.volume(name, scope.signal)
    if (live) folders.set(name, folderOf(live))
  }
  return folders
}

type Done = MadeContainer & { object: ContainerObject; index: number }

/** The copies of a service one after the other; services that share another's namespaces after that. */
async function makeContainers(
  wanted: readonly Wanted<ContainerObject>[],
  scope: ContainerScope,
): Promise<Done[]> {
  const indexed = wanted.map((one, index) => ({ ...one, index }))
  const done: Done[] = []
  for (const wave of toWaves(indexed)) {
    const services = [...Map.groupBy(wave, ({ object }) => object.service).values()]
    await concurrently(services, servicesAtOnce, async (copies) => {
      for (const [at, one] of copies.entries()) {
        const before = copies.slice(0, at).map(({ object }) => object)
        const beforeReplacing = () => untilReady(before, scope)
        const made = await makeContainer(one, { ...scope, beforeReplacing })
        done.push({ ...made, object: one.object, index: one.index })
      }
    })
  }
  return done
}

/** What joins the namespaces of a container of the same stage comes after it. */
function toWaves<One extends Wanted<ContainerObject>>(wanted: readonly One[]): One[][] {
  const waves: One[][] = []
  let left = [...wanted]
  while (left.length > 0) {
    const names = new Set(left.map(({ object }) => object.name))
    const ready = left.filter(({ object }) => !joinedBy(object).some((name) => names.has(name)))
    const wave = ready.length > 0 ? ready : left
    waves.push(wave)
    left = left.filter((one) => !wave.includes(one))
  }
  return waves
}

function joinedBy({ create }: ContainerObject): string[] {
  const host = (create.HostConfig ?? {}) as Record<string, unknown>
  const modes = [host.NetworkMode, host.PidMode, host.IpcMode, ...((host.VolumesFrom as unknown[]) ?? [])]
  return modes.flatMap((mode) =>
    typeof mode === 'string' ? [mode.replace(/^container:/, '').replace(/:r[ow]$/, '')] : [],
  )
}

function versionsOf(done: readonly Done[]): Applied['versions'] {
  const byService = Map.groupBy(done, ({ object }) => object.service)
  const entries = [...byService].flatMap(([service, copies]) => {
    const seen = copies.flatMap(({ live }) => toSeen(live) ?? [])
    const { version } = serviceStanding(seen, Date.now()).state
    return version ? [[service, version] as const] : []
  })
  return Object.fromEntries(entries)
}
