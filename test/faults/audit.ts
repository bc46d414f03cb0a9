// What must hold after any fault: the promises P1, P2, P3, P4, P5, P6, P7 and P8 of the design, each as one check. A check
// answers sentences about what it has found; none is good.
import { isDeepStrictEqual } from 'node:util'
import type { Redis } from 'ioredis'
import type { System, SystemPage } from '../../src/api/schemas/system.ts'
import type { Job } from '../../src/jobs/job.ts'
import type { Api } from '../kit/cluster/api.ts'
import { listManaged, type ManagedObject } from '../kit/cluster/objects.ts'
import type { Tycho } from '../kit/tycho.ts'
import { waitFor } from '../kit/wait.ts'
import { findSecrets } from './find-secrets.ts'
import type { Entry, Ledger } from './ledger.ts'
import type { Template } from './templates.ts'
import type { Told } from './told.ts'

export type Evidence = {
  tycho: Tycho
  ledger: Ledger
  kube: Api
  namespace: string
  redis: Redis
  told: Told
  /** How many objects of which kind an undisturbed system of a template has. */
  shapes: ReadonlyMap<Template, string>
}

export type Promised = 'P1' | 'P2' | 'P3' | 'P4' | 'P5' | 'P6' | 'P7' | 'P8'

const everything: readonly Promised[] = ['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7', 'P8']

/** Waits until all is quiet, then looks. After a loss of all of Redis' data some promises are not given. */
export async function audit(
  evidence: Evidence,
  promised: readonly Promised[] = everything,
): Promise<string[]> {
  const findings = [
    ...evidence.ledger.undeclared,
    ...(promised.includes('P1') ? await findLostJobs(evidence) : []),
    ...(promised.includes('P2') ? findSecondEnds(evidence) : []),
    ...(await findWrongObjects(evidence, promised)),
    ...(promised.includes('P4') ? await evidence.told.findUntold(evidence.ledger) : []),
    ...(promised.includes('P6') ? await findSecondJobs(evidence.ledger) : []),
    ...(promised.includes('P7') ? findFallingRevisions(evidence.ledger) : []),
    ...(promised.includes('P8') ? await findSecrets(evidence) : []),
  ]
  return findings
}

/** P1: each job that was accepted can be read, and comes to its end. */
async function findLostJobs({ ledger }: Evidence): Promise<string[]> {
  const ids = [...ledger.entries.keys()]
  const lost = await Promise.all(
    ids.map((id) =>
      ledger.done(id).then(
        () => [],
        () => [`P1: job ${id} of ${describe(ledger.entries.get(id))} is lost or never ends`],
      ),
    ),
  )
  return lost.flat()
}

function describe(entry: Entry | undefined): string {
  const last = entry?.sightings.at(-1)
  return `${entry?.name}, last seen ${last?.status} (${last?.progress.step}: ${last?.progress.message})`
}

/** P6: the same request under the same Idempotency-Key is answered with the same job, however long after. */
async function findSecondJobs({ requests, repeat }: Ledger): Promise<string[]> {
  const again = await Promise.all(
    [...requests].map(async ([id, request]) => ({ id, again: await repeat(request) })),
  )
  return again.flatMap(({ id, again }) =>
    again === id ? [] : [`P6: the request of job ${id} was answered again with ${again}`],
  )
}

/** P2: once it was seen to have ended, a job stays as it is; and no two workers have ended it. */
function findSecondEnds({ ledger, tycho }: Evidence): string[] {
  const ends = countEnds(tycho)
  return [...ledger.entries].flatMap(([id, { sightings }]) => {
    const after = sightings.slice(sightings.findIndex((job) => job.done))
    const first = after[0]
    const changed = first?.done && after.find((job) => !isDeepStrictEqual(job, first))
    const count = ends.get(id) ?? 0
    return [
      ...(changed ? [`P2: job ${id} was ${first?.status} and is ${changed.status}`] : []),
      ...(count > 1 ? [`P2: job ${id} was ended ${count} times`] : []),
    ]
  })
}

/** Each end is one line in the log of the worker that wrote it. */
function countEnds({ workers }: Tycho): Map<string, number> {
  const ends = new Map<string, number>()
  for (const line of workers.flatMap((worker) => worker.lines)) {
    if (line.step !== 'done' || typeof line.job !== 'string') continue
    ends.set(line.job, (ends.get(line.job) ?? 0) + 1)
  }
  return ends
}

/** P3: one whole set of objects for each system that lives. P5: nothing of one that does not. */
async function findWrongObjects(evidence: Evidence, promised: readonly Promised[]): Promise<string[]> {
  const look = async () => {
    const systems = await listSystems(evidence.tycho)
    const objects = await listManaged(evidence.kube, evidence.namespace)
    return [
      ...(promised.includes('P3') ? findWrongSets(evidence, systems, objects) : []),
      ...(promised.includes('P5') ? findRemains(systems, objects) : []),
    ]
  }
  // What a frozen worker makes late is removed when it is seen, and the cluster's own clean-up takes its time.
  await waitFor('the objects to be as they should', async () => (await look()).length === 0, {
    timeoutMs: 30_000,
    intervalMs: 1_000,
  }).catch(() => {})
  return look()
}

async function listSystems({ send }: Tycho): Promise<System[]> {
  const systems: System[] = []
  for (let next: string | undefined = ''; next !== undefined; ) {
    const page: SystemPage = (
      await send<SystemPage>('GET', `/v1/systems?pageSize=100${next && `&pageToken=${next}`}`)
    ).body
    systems.push(...page.systems)
    next = page.nextPageToken
  }
  return systems
}

const isLive = ({ phase }: System) => phase === 'running'

function findWrongSets({ ledger, shapes }: Evidence, systems: System[], objects: ManagedObject[]): string[] {
  const templates = new Map([...ledger.entries.values()].map(({ name, template }) => [name, template]))
  return systems.filter(isLive).flatMap(({ name, sid }) => {
    const shape = shapeOf(objects.filter((object) => object.sid === sid))
    const expected = shapes.get(templates.get(name) ?? 'plain')
    const others = objects.filter((object) => object.system === name && object.sid !== sid)
    return [
      ...(shape === expected ? [] : [`P3: ${name} has ${shape}, not ${expected}`]),
      ...others.map(({ subject }) => `P3: ${subject} is of another incarnation of ${name}`),
    ]
  })
}

/** Such as `Deployment 1, Pod 1`. */
export function shapeOf(objects: readonly ManagedObject[]): string {
  const counts = new Map<string, number>()
  for (const { kind } of objects) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return [...counts]
    .map(([kind, count]) => `${kind} ${count}`)
    .sort()
    .join(', ')
}

function findRemains(systems: System[], objects: ManagedObject[]): string[] {
  const live = new Set(systems.filter(isLive).map(({ sid }) => sid))
  return objects
    .filter(({ sid }) => !live.has(sid))
    .map(({ subject, system }) => `P5: ${subject} remains of ${system}`)
}

/**
 * P7: what a client sees of a job never goes back, and each change has a higher revision. Its place in the queue and the
 * time of its present step go on without one.
 */
function findFallingRevisions({ entries }: Ledger): string[] {
  return [...entries].flatMap(([id, { sightings }]) =>
    sightings.slice(1).flatMap((job, at) => {
      const before = sightings[at]
      return before && isOutOfOrder(before, job)
        ? [`P7: job ${id} was seen at revision ${before.revision}, then changed at ${job.revision}`]
        : []
    }),
  )
}

const isOutOfOrder = (before: Job, after: Job) =>
  after.revision < before.revision ||
  (after.revision === before.revision && !isDeepStrictEqual(withoutTime(before), withoutTime(after)))

const withoutTime = ({ queuePosition: _place, timings: _times, ...job }: Job) => job
