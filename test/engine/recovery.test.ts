import { expect, it } from 'vitest'
import { container, newIdentity, runs, stageOf, toApply } from '../kit/engine/objects.ts'
import { watch } from '../kit/engine/watch.ts'
import { anySignal, openBoth, openEngine, removeAll } from './kit.ts'

const endless = (restart?: string) => ({ ...runs('sleep 3600', restart), StopTimeout: 1 })

it('waits while the engine is away, says so, and goes on when it is back', async () => {
  await using both = await openBoth()
  const { machine, engine } = both
  using seen = watch(engine)
  await seen.synced()
  const identity = newIdentity('back')
  const stage = stageOf(container(identity, 'web', { create: endless('always') }))
  await machine.stop()
  await expect(engine.apply(toApply(identity, stage), anySignal())).rejects.toMatchObject({
    code: 'ENGINE_UNREACHABLE',
    remedy: 'wait',
    status: 503,
  })
  expect(await engine.reachability(anySignal())).toMatchObject({ reachable: false })
  await machine.start()
  await engine.apply(toApply(identity, stage), anySignal())
  await seen.service(identity, 'web', 'readiness', ({ readiness }) => readiness === 'ready')
  await machine.kill()
  await machine.start()
  await machine.docker(['rm', '-f', 'back-web-1'])
  await seen.until(identity, 'its end', ({ remaining }) => remaining.length === 0)
})

it('finds what happened while the engine was not there', async () => {
  await using both = await openBoth()
  const { machine, engine } = both
  using seen = watch(engine)
  const identity = newIdentity('once')
  await engine.apply(
    toApply(identity, stageOf(container(identity, 'web', { create: endless() }))),
    anySignal(),
  )
  await seen.service(identity, 'web', 'readiness', ({ readiness }) => readiness === 'ready')
  await machine.restart()
  const state = await seen.service(
    identity,
    'web',
    'that it ended',
    ({ readiness }) => readiness === 'failed',
  )
  expect(state.reason?.code).toBe('JOB_FAILED')
  await removeAll(both, identity)
})

it('says what to do where there is no engine, and where it may not be used', async () => {
  await using both = await openBoth()
  const { machine } = both
  const nowhere = openEngine(machine, { address: { host: null, sockets: ['/nowhere/docker.sock'] } })
  await expect(nowhere.facts(anySignal())).rejects.toMatchObject({ code: 'NO_ENGINE', remedy: 'wait' })
  const wrong = openEngine(machine, { address: { host: 'docker' } })
  await expect(wrong.facts(anySignal())).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE' })
  expect(await openEngine(machine).facts(anySignal())).toMatchObject({ os: 'linux', swarm: 'none' })
})
