// Lets commands happen in a world, and brings it to rest when nothing more goes wrong.
import { isDone } from '../../../src/jobs/transitions.ts'
import { isEnded } from '../../../src/system/system.ts'
import { broken, pending, ready } from './cluster.ts'
import type { Command } from './commands.ts'
import { handBack, type Run, step, take, throwIn } from './run.ts'
import { World } from './world.ts'

const states = { pending, ready, broken }

type Acts = { [Kind in Command['kind']]: (play: Play, command: Extract<Command, { kind: Kind }>) => void }

const acts: Acts = {
  submit: ({ world }, { wish }) => world.submit(wish),
  stop: ({ world }) => world.stop(),
  ask: ({ world }, { verb }) => world.ask(verb),
  cancel: (play, { choice }) => play.withJob(choice, (id) => play.world.cancel(id)),
  retry: (play, { choice }) => play.withJob(choice, (id) => play.world.retry(id)),
  take: (play, { choice }) => play.take(choice),
  step: (play, { choice }) => play.endRunIf(choice, (run) => step(play.world, run)),
  observe: ({ world }) => world.observe(),
  vanish: ({ world }) => world.cluster.settle(),
  sweep: ({ world }) => world.sweep(),
  become: ({ world }, { state }) => world.cluster.setState(states[state]),
  pass: ({ world }, { ms }) => world.pass(ms),
  calm: (play, { rounds }) => {
    for (let round = 0; round < rounds; round++) play.goOn()
  },
  breakDown: ({ world }) => {
    world.cluster.setState(broken)
    world.observe()
  },
  crash: (play, { choice }) => play.endRunIf(choice, crash),
  loseLock: (play, { choice }) => play.endRunIf(choice, loseLock),
  loseEnqueue: ({ world }) => world.loseNextEnqueue(),
  close: (play, { choice }) => play.endRunIf(choice, (run) => handBack(play.world, run)),
  throw: (play, { choice, remedy }) => play.endRunIf(choice, (run) => throwIn(play.world, run, remedy)),
}

function crash(run: Run): true {
  if (!run.isLost) run.task.state = 'stalled'
  return true
}

/** The worker is frozen: another one gets the task, and this one goes on later as if nothing had happened. */
function loseLock(run: Run): false {
  if (!run.isLost) run.task.state = 'waiting'
  run.isLost = true
  return false
}

export class Play {
  readonly world = new World()
  private runs: Run[] = []

  do<Kind extends Command['kind']>(command: Extract<Command, { kind: Kind }>): void {
    acts[command.kind as Kind](this, command)
  }

  /** From here on nothing goes wrong, and every job must come to its end. */
  comeToRest(): void {
    for (let round = 0; round < 400; round++) {
      this.goOn()
      if (this.isAtRest()) return
    }
    const open = [...this.world.jobs.values()].filter((job) => !isDone(job))
    throw new Error(`P1: jobs never end: ${JSON.stringify(open)}`)
  }

  take(choice: number): void {
    const waiting = [...this.world.tasks.values()].filter((task) => task.state === 'waiting')
    const task = pick(waiting, choice)
    const run = task && take(this.world, task)
    if (run) this.runs.push(run)
  }

  endRunIf(choice: number, act: (run: Run) => boolean): void {
    const run = pick(this.runs, choice)
    if (run && act(run)) this.runs = this.runs.filter((other) => other !== run)
  }

  withJob(choice: number, act: (id: string) => void): void {
    const id = pick([...this.world.jobs.keys()], choice)
    if (id !== undefined) act(id)
  }

  /** All do their part once. */
  goOn(): void {
    const { world } = this
    world.pass(100)
    world.cluster.setState(ready)
    world.cluster.settle()
    world.observe()
    world.sweep()
    this.take(0)
    this.endRunIf(0, (run) => step(world, run))
  }

  private isAtRest(): boolean {
    const { world } = this
    const { system } = world
    const live = system && !isEnded(system) ? system.sid : null
    const isQuiet = this.runs.length === 0 && [...world.jobs.values()].every(isDone)
    return isQuiet && world.cluster.sids().every((sid) => sid === live)
  }
}

function pick<T>(items: readonly T[], choice: number): T | undefined {
  return items[choice % Math.max(1, items.length)]
}
