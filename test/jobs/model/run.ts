// A task as a worker does it in the model: one effect at a time, so that anything may happen in between.
import type { Work } from '../../../src/jobs/accept.ts'
import { conclude, type Hold, holdOf, mayGoOn } from '../../../src/jobs/hold.ts'
import type { JobRecord } from '../../../src/jobs/job.ts'
import { isChange } from '../../../src/jobs/kinds.ts'
import { jobError } from '../../../src/jobs/transitions.ts'
import {
  applied,
  begin,
  compiled,
  expired,
  failed,
  heldUp,
  letGo,
  pruned,
  removed,
  willRetry,
} from '../../../src/jobs/work.ts'
import type { Remedy } from '../../../src/problem.ts'
import type { Version } from '../../../src/system/readiness.ts'
import { must } from '../../kit/work.ts'
import { specIn, toTarget } from './cluster.ts'
import { maxAttempts, type QueuedTask, specs, type World } from './world.ts'

type Decide = (work: Work) => Work | null

export type Run = {
  task: QueuedTask
  work: Work
  hold: Hold
  /** Its lock was lost: the task is another worker's, and this one does not know it yet. */
  isLost: boolean
  /** The fence has let the next write pass. */
  isCleared: boolean
  versions: Record<string, Version>
  /** Of a removal: what was seen after the deletes; null before them. */
  remaining: string[] | null
}

/** A worker takes up a task; null: there was nothing to do. */
export function take(world: World, task: QueuedTask): Run | null {
  task.state = 'active'
  const work = world.advance(task.job, (found) => begin(found, task, task.attempts + 1, world.now))
  const hold = work && holdOf(work.job, task)
  if (work && hold)
    return { task, work, hold, isLost: false, isCleared: false, versions: {}, remaining: null }
  task.state = 'done'
  return null
}

/** Does the next effect; true when the worker is done with the task. */
export function step(world: World, run: Run): boolean {
  if (expired(run.work, world.now)) return finish(world, run, (found) => expired(found, world.now))
  switch (run.task.verb) {
    case 'compile':
      return compile(world, run)
    case 'deploy':
      return deploy(world, run)
    case 'remove':
      return isPrune(run) ? prune(world, run) : remove(world, run)
    default:
      return run.task.verb satisfies never
  }
}

const isPrune = ({ work: { job } }: Run) => isChange(job.kind) && job.ending?.by !== 'removal'

/** What the job is to become: where it goes back, that of before. */
const specOf = ({ work: { job, system } }: Run) => (job.ending ? system.spec : job.spec)

function compile(world: World, run: Run): boolean {
  const stages = (specs[specOf(run)] ?? []).map((service, index, all) => ({
    services: [service],
    requires:
      index === 0 || run.work.system.suspended
        ? []
        : [{ service: all[index - 1] ?? '', condition: 'healthy' as const }],
  }))
  const { suspended, restartedAt } = run.work.system
  const result = { stages, manifests: toTarget(specOf(run), suspended, restartedAt), problems: [] }
  return finish(world, run, (found) => compiled(found, result, world.now))
}

function deploy(world: World, run: Run): boolean {
  const { job } = run.work
  const service = job.stages[job.stage]?.services.find((name) => !run.versions[name])
  if (service === undefined) {
    const result = { changes: [], endpoints: [], versions: run.versions, memo: {} }
    return finish(world, run, (found) => applied(found, result, world.now))
  }
  return fenced(world, run, () => {
    const { sid } = job.system
    run.versions[service] = world.cluster.write(sid, service, must(job.manifests), isStray(world, run))
  })
}

function prune(world: World, run: Run): boolean {
  const wanted = specs[specIn(must(run.work.job.manifests))] ?? []
  const { sid } = run.work.job.system
  const stray = world.cluster.services(sid).filter((service) => !wanted.includes(service))
  if (stray.length === 0 || run.remaining) {
    return finish(world, run, (found) => pruned(found, [], [...wanted], world.now))
  }
  return fenced(world, run, () => {
    world.cluster.remove(sid, stray)
    run.remaining = []
  })
}

/** A removal asks no fence: whoever was told to remove an incarnation may do so. */
function remove(world: World, run: Run): boolean {
  const { sid } = run.work.job.system
  if (!run.remaining) {
    world.cluster.remove(sid)
    run.remaining = world.cluster.services(sid)
    return false
  }
  const result = { changes: [], remaining: run.remaining }
  return finish(world, run, (found) => removed(found, result, world.now))
}

/** The fence is asked in one step and the write is done in the next: in between, anything may happen. */
function fenced(world: World, run: Run, write: () => void): boolean {
  const job = must(world.jobs.get(run.task.job))
  if (run.isCleared) {
    run.isCleared = false
    world.ledger.write(job, { isOwn: isOwn(job, run), isLost: run.isLost })
    write()
    return false
  }
  run.isCleared = mayGoOn(job, run.hold)
  if (run.isCleared) world.ledger.clearance(job, isOwn(job, run))
  return !run.isCleared && isStopped(world, run)
}

/** Whether nobody else has the task by now: told without the code that is tested. */
const isOwn = (job: JobRecord, { task, work }: Run) =>
  job.finishedAt === null && job.task?.round === task.round && job.begins === work.job.begins

const isStray = (world: World, run: Run) => !isOwn(must(world.jobs.get(run.task.job)), run)

function settle(world: World, run: Run, decide: Decide): Work | null {
  return world.advance(run.task.job, (found) => conclude(found, run.hold, decide, world.now))
}

function isStopped(world: World, run: Run): boolean {
  settle(world, run, letGo)
  end(run, 'done')
  return true
}

function finish(world: World, run: Run, decide: Decide): boolean {
  settle(world, run, decide)
  end(run, 'done')
  return true
}

/** A worker that closes hands its task back. */
export function handBack(world: World, run: Run): true {
  const after = settle(world, run, letGo)
  end(run, after?.job.task?.round === run.hold.round ? 'waiting' : 'done')
  return true
}

/** An effect throws: what may pass is tried again, without a cluster it waits, the rest is final. */
export function throwIn(world: World, run: Run, remedy: Remedy): true {
  const error = jobError('BROKEN', 'it broke')
  const isLast = run.task.attempts + 1 >= maxAttempts
  const after = settle(world, run, (found) => {
    if (remedy === 'wait') return expired(found, world.now) ?? heldUp(found, 'no cluster')
    if (remedy === 'retry' && !isLast) return willRetry(found, 'it broke', world.now + 500)
    return failed(found, error, world.now)
  })
  if (remedy === 'retry') run.task.attempts += 1
  end(run, after?.job.task?.round === run.hold.round ? 'waiting' : 'done')
  return true
}

/** A task that another worker has taken up meanwhile is not this one's to end. */
function end(run: Run, state: QueuedTask['state']): void {
  if (run.task.state === 'active' && !run.isLost) run.task.state = state
}
