// Kinds of workloads, and what their pods do before they start and end, before a real kubelet.
import { expect, it } from 'vitest'
import { emptyDeploy } from '../../src/system/empty.ts'
import type { Hook } from '../../src/system/process.ts'
import { isCurrent } from '../../src/system/readiness.ts'
import type { ServiceSpec } from '../../src/system/spec.ts'
import { healthcheck, service } from '../compile/specs.ts'
import { openEngine } from '../kit/engine.ts'

const signal = new AbortController().signal
const sleeper = (given: Partial<ServiceSpec>) =>
  service({ image: 'demo/shell', command: ['sleep', '600'], stopGracePeriodMs: 1_000, ...given })

function hook(command: string[], given: Partial<Hook> = {}): Hook {
  const none = { image: null, user: null, privileged: false, workingDir: null, environment: {} }
  return { command, ...none, perReplica: true, ...given }
}

it('a service on every node becomes ready, is updated, and goes', async () => {
  await using engine = await openEngine()
  const agent = (environment: Record<string, string>) =>
    sleeper({ environment, deploy: { ...emptyDeploy(), mode: 'global' } })
  const first = await engine.apply({ demo: agent({ A: '1' }) })
  expect(first.changes).toEqual([{ subject: 'DaemonSet/demo', action: 'created' }])
  await engine.until('demo', ({ readiness }) => readiness === 'ready')
  const update = { mode: 'update' as const, job: 'job2' }
  const second = await engine.apply({ demo: agent({ A: '2' }) }, update)
  expect(second.changes).toEqual([{ subject: 'DaemonSet/demo', action: 'configured' }])
  await engine.until('demo', (state) => state.readiness === 'ready' && isCurrent(state, second.versions.demo))
  const again = await engine.apply({ demo: agent({ A: '2' }) }, { mode: 'update', job: 'job3' })
  expect(again.changes).toEqual([{ subject: 'DaemonSet/demo', action: 'unchanged' }])
  await engine.orchestrator.remove(engine.identity, signal)
  await engine.untilGone()
})

it('a service is ready when what runs before and after its start has done its work', async () => {
  await using engine = await openEngine()
  const mount = {
    type: 'tmpfs' as const,
    target: '/work',
    readOnly: false,
    consistency: null,
    extensions: {},
  }
  const steps = [
    hook(['sh', '-c', 'echo "$A" > one'], { workingDir: '/work', environment: { A: `it's $HOME` } }),
    hook(['touch', '/work/two']),
  ]
  const test = `test "$(cat /work/one)" = "it's "'$HOME' && test -e /work/two && test "$(cat /work/three)" = 'a b'`
  const demo = sleeper({
    mounts: [{ ...mount, sizeBytes: null, mode: null, options: [] }],
    hooks: {
      preStart: steps,
      postStart: [
        hook(['sh', '-c', 'echo "$B" > three'], { workingDir: '/work', environment: { B: 'a b' } }),
        hook(['test', '-e', '/work/three']),
      ],
      preStop: [hook(['true'])],
    },
    healthcheck: healthcheck({ test: { kind: 'shell', command: test }, intervalMs: 1_000 }),
  })
  await engine.apply({ demo })
  await engine.until('demo', ({ readiness }) => readiness === 'ready')
})
