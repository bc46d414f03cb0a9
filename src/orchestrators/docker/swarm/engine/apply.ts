// Applies one stage on a swarm: networks, configs and secrets, then services. The swarm itself replaces tasks.
import { type Problem, TychoError } from '../../../../problem.ts'
import type { ChangeSet } from '../../../../system/change.ts'
import type { Applied, ApplyInput, Manifest } from '../../../orchestrator.ts'
import { concurrently } from '../../../shared/concurrently.ts'
import type { EngineClient } from '../../engine/client.ts'
import { bytesOf } from '../../engine/files.ts'
import type { PortRange } from '../../engine/host-ports.ts'
import type { Networks } from '../../engine/networks.ts'
import type { Requests } from '../../engine/requests.ts'
import type { Action } from '../../engine/scope.ts'
import { isOfIncarnation } from '../../engine/selectors.ts'
import { LABEL } from '../../labels.ts'
import type { NetworkObject } from '../../objects.ts'
import type { FileObject, ServiceObject, SwarmObject } from '../objects.ts'
import { heldPorts, serviceEndpoints } from './endpoints.ts'
import { type LiveService, labelsOf } from './live.ts'
import { notOurs, notThere } from './ownership.ts'
import type { SwarmRequests } from './requests.ts'
import { choosePorts, type Displaced, isPartOf, toServiceBody } from './spec.ts'

export type SwarmApplying = {
  client: EngineClient
  requests: Requests
  swarm: SwarmRequests
  networks: Networks
  portRange: PortRange
  publicHost: () => Promise<string>
}

export type WantedOf<Of extends SwarmObject> = { object: Of; manifest: Manifest }

type Scope = SwarmApplying & { input: ApplyInput; signal: AbortSignal }
type Report = { changes: ChangeSet; problems: Problem[] }

const servicesAtOnce = 8

/** Repeatable: what is there already and ours is adopted. Throws TychoError; each write is fenced. */
export async function applyToSwarm(
  applying: SwarmApplying,
  input: ApplyInput,
  signal: AbortSignal,
): Promise<Applied> {
  const scope: Scope = { ...applying, input, signal }
  const all = input.stage.manifests.map((manifest) => ({ manifest, object: manifest.body as SwarmObject }))
  const report: Report = { changes: [], problems: [] }
  const networkIds = new Map<string, string>()
  const fileIds = new Map<string, string>()
  for (const { object, manifest } of all) {
    if (object.kind === 'network') await makeNetwork({ object, manifest }, scope, networkIds, report)
    else if (object.kind !== 'service') await makeFile({ object, manifest }, scope, fileIds, report)
  }
  const services = all.flatMap(({ object, manifest }) =>
    object.kind === 'service' ? [{ object, manifest }] : [],
  )
  const made = await concurrently(services, servicesAtOnce, (one) =>
    makeService(one, scope, { networkIds, fileIds }),
  )
  const host = await applying.publicHost()
  return {
    changes: [
      ...report.changes,
      ...made.map(({ live, action }) => ({ subject: `service/${live.Spec.Name}`, action })),
    ],
    problems: [...report.problems, ...made.flatMap(({ problems }) => problems)],
    endpoints: made.flatMap(({ live }) => serviceEndpoints(live, host)),
    versions: Object.fromEntries(
      made.map(({ live, service }) => [service, { of: live.ID, number: live.Version.Index }]),
    ),
    memo: input.memo,
  }
}

async function makeNetwork(
  wanted: WantedOf<NetworkObject>,
  scope: Scope,
  ids: Map<string, string>,
  { changes }: Report,
): Promise<void> {
  const { action, id } = await scope.networks.make(wanted, scope)
  ids.set(wanted.object.name, id)
  if (!wanted.object.external) changes.push({ subject: `network/${wanted.object.name}`, action })
}

/** What is in it never changes: its name holds a hash of that. */
async function makeFile(
  wanted: WantedOf<FileObject>,
  { swarm, input, signal }: Scope,
  ids: Map<string, string>,
  { changes }: Report,
): Promise<void> {
  const { kind, name, labels, external, content } = wanted.object
  const subject = `${kind}/${name}`
  const live = await swarm.file(kind, name, signal)
  if (external && !live) throw notThere(wanted.object, wanted.manifest)
  if (live) {
    if (!external && !isOfIncarnation(labelsOf(live), input.identity))
      throw notOurs(wanted.object, wanted.manifest, labelsOf(live))
    ids.set(subject, live.ID)
    if (!external) changes.push({ subject, action: 'unchanged' })
    return
  }
  await input.fence.check()
  const body = {
    Name: name,
    Labels: { ...labels, [LABEL.job]: input.fence.job },
    Data: bytesOf(content ?? '').toString('base64'),
  }
  ids.set(subject, (await swarm.createFile(kind, body, signal)).ID)
  changes.push({ subject, action: 'created' })
}

type MadeService = { live: LiveService; service: string; action: Action; problems: Problem[] }
type Ids = { networkIds: Map<string, string>; fileIds: Map<string, string> }

async function makeService(
  { object, manifest }: WantedOf<ServiceObject>,
  scope: Scope,
  ids: Ids,
): Promise<MadeService> {
  const { swarm, input, signal } = scope
  const live = await swarm.service(object.name, signal)
  if (live && !isOfIncarnation(labelsOf(live), input.identity))
    throw notOurs(object, manifest, labelsOf(live))
  const { body, problems } = await toBody({ object, manifest }, live, scope, ids)
  const made = { service: object.service, problems }
  if (live && isSame(object, body, live)) return { ...made, live, action: 'unchanged' }
  await input.fence.check()
  if (live) await swarm.updateService(live, body, signal)
  else await swarm.createService(object.name, body, signal)
  const now = await swarm.service(object.name, signal)
  if (now) return { ...made, live: now, action: live ? 'configured' : 'created' }
  throw new TychoError('OBJECT_NOT_FOUND', `service/${object.name} is gone again`, {
    status: 503,
    remedy: 'retry',
  })
}

function isSame(object: ServiceObject, body: Record<string, unknown>, live: LiveService): boolean {
  const { Labels: _written, ...rest } = body
  return labelsOf(live)[LABEL.hash] === object.labels[LABEL.hash] && isPartOf(rest, live.Spec)
}

async function toBody(
  { object, manifest }: WantedOf<ServiceObject>,
  live: LiveService | undefined,
  scope: Scope,
  { networkIds, fileIds }: Ids,
): Promise<{ body: Record<string, unknown>; problems: Problem[] }> {
  const { swarm, requests, portRange, input, signal } = scope
  for (const { kind, file } of object.files) {
    // Of an earlier stage.
    const found = fileIds.has(`${kind}/${file}`) ? undefined : await swarm.file(kind, file, signal)
    if (found) fileIds.set(`${kind}/${file}`, found.ID)
  }
  for (const { network } of object.networks) {
    const found = networkIds.has(network) ? undefined : await requests.network(network, signal)
    if (found) networkIds.set(network, found.Id)
  }
  const held = await heldPorts(swarm, requests, object.name, signal)
  const chosen = choosePorts(object, portRange, held, live)
  if (!chosen) {
    const { from, to } = portRange
    const message = `Every port from ${from} to ${to} is taken: stop a system, or give more in TYCHO_DOCKER_PORTS`
    throw new TychoError('PORTS_EXHAUSTED', message, { status: 503 })
  }
  const labels = { ...object.labels, [LABEL.job]: input.fence.job }
  return {
    body: toServiceBody(object, { labels, fileIds, networkIds, ports: chosen.ports }),
    problems: chosen.displaced.map((one) => displacedProblem(one, manifest.path)),
  }
}

function displacedProblem({ asked, protocol, number, holder }: Displaced, path: string): Problem {
  const who = holder ?? 'another program'
  const message = `Port ${asked}/${protocol} is taken by ${who}; it is published on ${number} instead`
  return { code: 'PORT_TAKEN', severity: 'warning', path, message }
}
