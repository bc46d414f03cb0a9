// The world around the job's state machine, kept in memory on a clock of its own: a store, a queue, workers and a
// cluster, which a test may let happen in any order. Every decision is the product's own code; only effects are played.
import { acceptStart, acceptStop, acceptUpdate, type Work } from '../../../src/jobs/accept.ts'
import { cancel, isLeaving, isOnItsWay } from '../../../src/jobs/cancel.ts'
import type { JobRecord, TaskVerb } from '../../../src/jobs/job.ts'
import { observed, removedAgain } from '../../../src/jobs/observed.ts'
import { PLAIN_ORIGIN } from '../../../src/jobs/origin.ts'
import { revised, revisedJob, succeeding } from '../../../src/jobs/revised.ts'
import { isDone, taskId } from '../../../src/jobs/transitions.ts'
import { acceptVerb, answerVerb, type Verb, verbOf } from '../../../src/jobs/verbs.ts'
import { expired, superseded } from '../../../src/jobs/work.ts'
import { isEnded, type SystemRecord } from '../../../src/system/system.ts'
import { must, startRequest, systemSpec, t0 } from '../../kit/work.ts'
import { createModelCluster } from './cluster.ts'
import { createLedger } from './ledger.ts'

/** `stalled`: its worker is gone, and nobody has noticed yet. */
export type QueuedTask = {
  id: string
  job: string
  verb: TaskVerb
  round: number
  state: 'waiting' | 'active' | 'stalled' | 'done'
  attempts: number
}

/** `isPatch`: what is suspended stays so. */
export type Wish = { spec: string; keepOnFailure: boolean; rollback: boolean; isPatch: boolean }

/** The services of each spec; each is a stage of its own. */
export const specs: Record<string, string[]> = { a: ['web'], b: ['web', 'db'], c: ['db', 'cache'] }

export const maxAttempts = 3

export class World {
  now = t0
  system: SystemRecord | null = null
  readonly jobs = new Map<string, JobRecord>()
  readonly tasks = new Map<string, QueuedTask>()
  readonly cluster = createModelCluster()
  readonly ledger = createLedger(this.cluster)
  private losesEnqueue = false
  private readonly endedSids = new Set<string>()
  private count = 0

  /** As the store does it: read, decide, write, all or nothing. */
  change(id: string, decide: (work: Work) => Work | null): Work | null {
    const job = must(this.jobs.get(id))
    const before = { job, system: must(this.system) }
    const after = decide(before)
    if (!after) return null
    const written = revised(before, after)
    this.writeJob(job, written.job)
    if (written.ownsSystem) this.writeSystem(written.system)
    return written
  }

  /** As a worker, an observer or a sweeper moves a job on. */
  advance(id: string, decide: (work: Work) => Work | null): Work | null {
    const after = this.change(id, decide)
    if (after) this.enqueue(after.job)
    return after
  }

  /** A PUT, or a POST where there is nothing: as the API decides it. */
  submit({ spec, isPatch, ...wish }: Wish): void {
    const live = this.system && !isEnded(this.system) ? this.system : null
    const running = this.running()
    if (live && isLeaving(live, running)) return
    const suspended = isPatch && live?.suspended === true
    const isAsked = live?.spec === spec && live.suspended === suspended
    if (live && running && isOnItsWay(running) && isAsked) return
    this.accept({ ...this.request(spec, wish), suspended }, live, running)
  }

  /** A restart, a suspend or a resume. */
  ask(verb: Verb, retryOf?: string): void {
    const live = this.system && !isEnded(this.system) ? this.system : null
    const running = this.running()
    if (!live || answerVerb(verb, live, running) !== 'accepted') return
    const request = { timeoutMs: 60_000, maxAttempts, origin: PLAIN_ORIGIN, ...(retryOf && { retryOf }) }
    this.put(acceptVerb(verb, live, { job: this.newId(), ...request }, this.now), live, running)
  }

  stop(): void {
    const running = this.running()
    if (!this.system || isEnded(this.system) || running?.kind === 'system.stop') return
    const stop = acceptStop(this.system, this.newId(), maxAttempts, this.now)
    this.put(stop, this.system, running)
  }

  cancel(id: string): void {
    const after = this.advance(id, (work) => {
      const answer = cancel(work, this.now)
      return typeof answer === 'string' ? null : answer
    })
    if (after) this.ledger.promisedCancel(id)
  }

  retry(id: string): void {
    const failed = must(this.jobs.get(id))
    const system = must(this.system)
    if (failed.status !== 'failed' || system.job !== id) return
    const verb = verbOf(failed.kind)
    const request = { ...this.request(failed.spec, failed), suspended: failed.suspended, retryOf: id }
    if (verb) this.ask(verb, id)
    else if (failed.kind === 'system.stop') this.stop()
    else this.accept(request, isEnded(system) ? null : system, null)
  }

  /** The observer looks at what waits, and removes what is left of incarnations that are known to have ended. */
  observe(): void {
    for (const job of [...this.jobs.values()].filter((one) => one.waitingFor))
      this.advance(job.id, (work) => observed(work, this.cluster.seen(job.system.sid), this.now))
    for (const sid of this.cluster.sids()) if (this.endedSids.has(sid)) this.cluster.remove(sid)
  }

  /** The sweeper: deadlines, and tasks that were lost; the queue: tasks of workers that are gone. */
  sweep(): void {
    for (const { id } of [...this.jobs.values()].filter((job) => !isDone(job))) {
      this.advance(id, (work) => expired(work, this.now) ?? removedAgain(work, this.now))
      const job = must(this.jobs.get(id))
      const task = job.task && this.tasks.get(taskId(id, job.task))
      if (job.task && (!task || task.state === 'done')) this.enqueue(job, true)
    }
    for (const task of this.tasks.values()) if (task.state === 'stalled') task.state = 'waiting'
  }

  pass(ms: number): void {
    this.now += ms
  }

  /** The process that writes next dies between its write and its enqueue. */
  loseNextEnqueue(): void {
    this.losesEnqueue = true
  }

  running(): JobRecord | null {
    const newest = this.system && this.jobs.get(this.system.job)
    return newest && !isDone(newest) ? newest : null
  }

  private request(spec: string, { keepOnFailure, rollback }: Pick<Wish, 'keepOnFailure' | 'rollback'>) {
    const services = Object.fromEntries((specs[spec] ?? []).map((name) => [name, {}]))
    const sid = `sid${this.count}`
    const identity = { tenant: 'alice', namespace: 'default', name: 'hello', sid }
    const asked = { job: this.newId(), identity, spec: systemSpec(services), specKey: spec, maxAttempts }
    return startRequest({ ...asked, keepOnFailure, rollback, objectNames: [...(specs[spec] ?? [])] })
  }

  private accept(
    request: ReturnType<typeof startRequest>,
    live: SystemRecord | null,
    running: JobRecord | null,
  ) {
    const work = live ? acceptUpdate(live, request, this.now) : acceptStart(request, this.now)
    this.put(work, this.system, running)
  }

  private put(first: Work, before: SystemRecord | null, running: JobRecord | null): void {
    const work = succeeding(first, before)
    if (running) this.writeJob(running, revisedJob(running, superseded(running, work.job.id, this.now)))
    this.writeSystem(work.system)
    this.writeJob(null, work.job)
    this.enqueue(work.job)
  }

  private writeJob(before: JobRecord | null, after: JobRecord): void {
    this.ledger.job(before, after)
    this.jobs.set(after.id, after)
  }

  private writeSystem(after: SystemRecord): void {
    this.ledger.system(after)
    this.system = after
    if (isEnded(after)) this.endedSids.add(after.sid)
  }

  private enqueue(job: JobRecord, again = false): void {
    if (!job.task) return
    const id = taskId(job.id, job.task)
    if (!again && (this.losesEnqueue || this.tasks.has(id))) {
      this.losesEnqueue = false
      return
    }
    const { verb, round } = job.task
    this.tasks.set(id, { id, job: job.id, verb, round, state: 'waiting', attempts: 0 })
  }

  private newId(): string {
    this.count += 1
    return `job${this.count}`
  }
}
