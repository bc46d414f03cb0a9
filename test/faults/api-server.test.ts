// An API server that dies, refuses, hangs, breaks off and forgets, behind Tycho's own processes.
import { expect, inject, it } from 'vitest'
import type { ApiProxy, Intervention, RecordedRequest } from '../kit/api-proxy.ts'
import { killApiServer } from '../kit/control-plane/control-plane.ts'
import { waitFor } from '../kit/wait.ts'
import { endsOf, startMany, stopMany } from './load.ts'
import { openRig, type Rig } from './rig.ts'

const isWrite = ({ method }: RecordedRequest) => method !== 'GET'

/** Interferes with every fifth write, until it has done so `times` times: a task of five writes must have an end. */
function everyFifthWrite(proxy: ApiProxy, intervention: Intervention, times = 20) {
  let writes = 0
  let done = 0
  proxy.intervene = (request) => {
    if (!isWrite(request) || writes++ % 5 !== 0 || done >= times) return undefined
    done++
    return intervention
  }
  return { count: () => done }
}

const status = (code: number, message: string) => ({
  body: JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message }),
  headers: { 'content-type': 'application/json' },
})

/** Attempts enough for a cluster that fails this often. */
const environment = { TYCHO_RETRIES: '10' }

async function startsAndStops(rig: Rig): Promise<void> {
  expect(endsOf(await startMany(rig.ledger, 12))).toEqual({ succeeded: 12 })
  expect(endsOf(await stopMany(rig.ledger, 6))).toEqual({ succeeded: 6 })
}

it.each<[string, Intervention, number?]>([
  [
    '429 with Retry-After',
    { kind: 'answer', status: 429, headers: { 'retry-after': '1' }, body: 'Too many requests' },
  ],
  ['500', { kind: 'answer', status: 500, ...status(500, 'etcdserver: request timed out') }],
  ['a reset connection', { kind: 'reset' }],
  ['an answer that breaks off in the middle of its body', { kind: 'cut', afterBytes: 40 }],
  ['a lost answer to a write that happened', { kind: 'lose' }],
  ['no answer at all', { kind: 'hang' }, 3],
  ['an answer that is kept back for ever', { kind: 'withhold' }, 3],
])('starts and stops systems when every fifth write meets %s', async (_name, intervention, times) => {
  await using rig = await openRig({ environment })
  await rig.learn('plain', 'staged', 'secret')
  const faults = everyFifthWrite(rig.proxy, intervention, times)
  await startsAndStops(rig)
  expect(faults.count()).toBeGreaterThan(2)
  delete rig.proxy.intervene
  expect(await rig.audit()).toEqual([])
})

it('goes on with what it was doing when the API server was killed and comes back', async () => {
  await using rig = await openRig({ isDirect: true })
  await rig.learn('plain', 'staged', 'secret')
  const starting = startMany(rig.ledger, 12)
  await waitFor('some to have been made', () => rig.kubelet.pods.size > 0, { intervalMs: 10 })
  await using outage = await killApiServer(inject('controlPlane'))
  await waitFor('the service to say that the cluster is away', async () => {
    const { body } = await rig.tycho.send<{ cluster: string }>('GET', '/readyz')
    return body.cluster === 'unreachable'
  })
  await outage.end()
  expect(endsOf(await starting)).toEqual({ succeeded: 12 })

  const count = rig.kubelet.pods.size
  const stopping = stopMany(rig.ledger, 6)
  await waitFor('some to have been removed', () => rig.kubelet.pods.size < count, { intervalMs: 10 })
  await using again = await killApiServer(inject('controlPlane'))
  await again.end()
  expect(endsOf(await stopping)).toEqual({ succeeded: 6 })
  expect(await rig.audit()).toEqual([])
})

it('sees what becomes of its systems although its watches are cut again and again', async () => {
  await using rig = await openRig()
  await rig.learn('plain', 'staged', 'secret')
  using _cutting = everySecond(() => rig.proxy.cutWatches())
  await startsAndStops(rig)
  expect(await rig.audit()).toEqual([])
})

it('sees what becomes of its systems although its watches fell silent', async () => {
  await using rig = await openRig({ plan: () => ({ is: 'held' }) })
  const starting = startMany(rig.ledger, 6)
  await waitFor('all to be bound', () => rig.kubelet.pods.size >= 6)
  rig.proxy.stallWatches()
  rig.kubelet.follow(() => ({ is: 'ready' }))
  expect(endsOf(await starting)).toEqual({ succeeded: 6 })
  await rig.learn('plain', 'staged', 'secret')
  expect(await rig.audit()).toEqual([])
})

function everySecond(act: () => void): Disposable {
  const timer = setInterval(act, 1_000)
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
