// What a process counts of itself, for Prometheus. Each process (in a test: each that a test starts) has its own.
import { collectDefaultMetrics, Registry } from 'prom-client'
import type { JobRecord, Timings } from '../jobs/job.ts'
import { isDone } from '../jobs/transitions.ts'
import { mayRead } from './access.ts'
import { createInstruments, type Instruments } from './instruments.ts'
import { createBound, resourceOf } from './labels.ts'
import { type Reading, setReadings } from './readings.ts'

/** Durations are milliseconds. */
export type Metrics = {
  /** A job's record was written; `before` is null where it is new. */
  transition(before: JobRecord | null, after: JobRecord): void
  /** `route` null: there is none. `held`: the client asked to wait. */
  answered(answer: {
    method: string
    route: string | null
    statusCode: number
    durationMs: number
    held: boolean
  }): void
  /** A stream to a client is open until the answer is called. */
  streamOpened(): () => void
  taskRun(run: { task: string; outcome: string; durationMs: number }): void
  /** `statusCode` null: no answer came. */
  clusterRequest(request: { verb: string; path: string; statusCode: number | null; durationMs: number }): void
  watchRestarted(resource: string, reason: string): void
  /** One attempt to tell a webhook; `outcome` is one of a few words. */
  delivery(outcome: string): void
  /** Images that were to be pulled beforehand; `status` as the contract has it. */
  preparationEnded(status: string, durationMs: number): void
  /** This process runs the loop until the answer is called. */
  loopHeld(loop: string): () => void
  /** This process stands by to run the loop. */
  loopKnown(loop: string): void
  /** Where gauges are read from when `text` is asked for; one suffices, since all that a process has read the same Redis. */
  readFrom(read: () => Promise<Reading>): void
  /** Whether whoever sends this `Authorization` may have the text. */
  mayRead(authorization: string | undefined): boolean
  /** The text that Prometheus reads; never rejects because something is away. */
  text(): Promise<string>
  contentType: string
}

/** `process`: with the metrics of Node and of the process. `token`: who asks has to show it; left out: everybody may. */
export type MetricsOptions = { process?: boolean; token?: string | null }

export function createMetrics(options: MetricsOptions = {}): Metrics {
  const registry = new Registry()
  if (options.process) collectDefaultMetrics({ register: registry })
  const instruments = createInstruments(registry)
  let read: (() => Promise<Reading>) | null = null
  return {
    transition: createTransitions(instruments),
    ...createHttp(instruments),
    ...createCluster(instruments),
    taskRun({ task, outcome, durationMs }) {
      instruments.tasks.duration.observe({ task, outcome }, durationMs / 1000)
    },
    delivery: createDelivery(instruments),
    preparationEnded: (status, durationMs) =>
      instruments.preparations.duration.observe({ status }, durationMs / 1000),
    loopKnown: (loop) => instruments.loops.set({ loop }, 0),
    loopHeld(loop) {
      instruments.loops.set({ loop }, 1)
      return () => instruments.loops.set({ loop }, 0)
    },
    readFrom(source) {
      read = source
    },
    mayRead: (authorization) => mayRead(options.token ?? null, authorization),
    async text() {
      await setReadings(instruments, read)
      return registry.metrics()
    },
    contentType: registry.contentType,
  }
}

function createTransitions({ jobs }: Instruments): Metrics['transition'] {
  const toCode = createBound(200, /^[A-Z][A-Z0-9_]{0,63}$/)
  return (before, after) => {
    const { kind, status } = after
    if (before === null) jobs.accepted.inc({ kind })
    if (!isDone(after) || (before && isDone(before))) return
    jobs.ended.inc({ kind, status, code: after.error ? toCode(after.error.code) : '' })
    const ms = (after.finishedAt ?? after.createdAt) - after.createdAt
    jobs.duration.observe({ kind, status }, ms / 1000)
    for (const [step, spent] of stepsOf(after.timings)) jobs.step.observe({ kind, step }, spent / 1000)
  }
}

function stepsOf({ queuedMs, compileMs, applyMs, waitMs }: Timings) {
  return [
    ['queued', queuedMs],
    ['compile', compileMs],
    ['apply', applyMs],
    ['wait', waitMs],
  ] as const
}

function createHttp({ http }: Instruments): Pick<Metrics, 'answered' | 'streamOpened'> {
  const toRoute = createBound(200)
  return {
    answered({ method, route, statusCode, durationMs, held }) {
      const known = route === null ? 'none' : toRoute(route)
      http.requests.inc({ method, route: known, status: statusCode })
      http.duration.observe({ method, route: known, held: held ? 'true' : 'false' }, durationMs / 1000)
    },
    streamOpened() {
      http.streams.inc()
      return once(() => http.streams.dec())
    },
  }
}

function createCluster({ cluster }: Instruments): Pick<Metrics, 'clusterRequest' | 'watchRestarted'> {
  const toResource = createBound(60)
  return {
    clusterRequest({ verb, path, statusCode, durationMs }) {
      const status = statusCode === null ? 'none' : statusCode
      cluster.requests.inc({ verb, resource: toResource(resourceOf(path)), status })
      cluster.duration.observe({ verb }, durationMs / 1000)
    },
    watchRestarted(resource, reason) {
      cluster.watchRestarts.inc({ resource: toResource(resource), reason })
    },
  }
}

function createDelivery({ webhooks }: Instruments): Metrics['delivery'] {
  const toOutcome = createBound(20)
  return (outcome) => webhooks.deliveries.inc({ outcome: toOutcome(outcome) })
}

function once(act: () => void): () => void {
  let isDue = true
  return () => {
    if (isDue) act()
    isDue = false
  }
}
