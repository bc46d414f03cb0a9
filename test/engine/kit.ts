/** A Docker engine, and Tycho's side of it, for one test file. */

import {
  createEngine,
  type Engine,
  type EngineOptions,
} from '../../src/orchestrators/docker/engine/engine.ts'
import type { SystemIdentity } from '../../src/system/spec.ts'
import { type EngineOptions as MachineOptions, startEngine, type TestEngine } from '../kit/engine/engine.ts'
import { type Watch, watch } from '../kit/engine/watch.ts'
import { waitFor } from '../kit/wait.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }

export function openEngine(machine: TestEngine, changes: Partial<EngineOptions> = {}): Engine {
  return createEngine({
    address: { host: machine.url },
    subnets: ['10.201.0.0/16'],
    ports: { from: 20_000, to: 29_999 },
    publicHost: machine.host,
    log: silent,
    ...changes,
  })
}

export type Opened = { machine: TestEngine; engine: Engine } & AsyncDisposable

export async function openBoth(options: MachineOptions = {}): Promise<Opened> {
  await using opening = new AsyncDisposableStack()
  const machine = opening.use(await startEngine(options))
  const engine = openEngine(machine)
  opening.defer(() => engine.close())
  const opened = opening.move()
  return { machine, engine, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

export type Watched = Opened & { seen: Watch }

/** With what the engine tells, from the first of it. */
export async function openWatched(): Promise<Watched> {
  await using opening = new AsyncDisposableStack()
  const both = opening.use(await openBoth())
  const seen = opening.use(watch(both.engine))
  await seen.synced()
  const opened = opening.move()
  return { ...both, seen, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

export const anySignal = () => AbortSignal.timeout(60_000)

/** Removes until nothing remains. */
export async function removeAll(
  { engine }: Opened,
  identity: SystemIdentity,
  what: { volumes?: boolean } = {},
): Promise<void> {
  await waitFor(`nothing to remain of ${identity.name}`, async () => {
    const { remaining } = await engine.remove(identity, anySignal(), what)
    return remaining.length === 0
  })
}
