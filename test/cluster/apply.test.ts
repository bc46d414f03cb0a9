// What the engine writes, before a real API server.
import { describe, expect, it } from 'vitest'
import { type Kind, kindsOfIncarnation } from '../../src/orchestrators/kubernetes/cluster/kinds.ts'
import type { KubeObject } from '../../src/orchestrators/kubernetes/cluster/objects.ts'
import { dependency, port, service } from '../compile/specs.ts'
import { openApi } from '../kit/cluster/cluster.ts'
import { type Engine, openEngine } from '../kit/engine.ts'
import { waitForOk } from '../kit/http.ts'
import { waitFor } from '../kit/wait.ts'

const signal = new AbortController().signal
const web = () => service({ ports: [port(8888)] })
const sleeper = () => service({ image: 'demo/shell', command: ['sleep', '600'] })

async function readObject({ identity }: Engine, kind: string, name: string): Promise<KubeObject> {
  await using api = openApi()
  const group = { deployments: 'apis/apps/v1', jobs: 'apis/batch/v1' }[kind] ?? 'api/v1'
  return await api.send('GET', `/${group}/namespaces/${identity.namespace}/${kind}/${name}`)
}

/** A list and a watch; of the first kind also the question whether all namespaces may be seen. */
function isWatched(engine: Engine, kind: Kind): boolean {
  const reads = engine.requests.filter((one) => one.startsWith('GET') && one.includes(`/${kind.plural} `))
  return reads.length >= (kind === kindsOfIncarnation[0] ? 3 : 2)
}

const writes = (engine: Engine) => engine.requests.filter((request) => !request.startsWith('GET'))

describe('a start', () => {
  it('of one service costs two writes and no read, and ends with an answer on its port', async () => {
    await using engine = await openEngine()
    await engine.orchestrator.facts(signal)
    await waitFor('the watches', () => kindsOfIncarnation.every((kind) => isWatched(engine, kind)))
    engine.requests.length = 0
    const { changes, endpoints } = await engine.apply({ demo: web() })
    const base = `namespaces/${engine.identity.namespace}`
    expect(engine.requests).toEqual([
      `POST /apis/apps/v1/${base}/deployments 201`,
      `POST /api/v1/${base}/services 201`,
    ])
    expect(changes).toEqual([
      { subject: 'Deployment/demo', action: 'created' },
      { subject: 'Service/demo', action: 'created' },
    ])
    await engine.until('demo', ({ readiness }) => readiness === 'ready')
    expect(await waitForOk(endpoints[0]?.url ?? '')).toContain('Hello Tycho')
  })

  it('makes its first object the owner of all others, and names the job on objects but not on pods', async () => {
    await using engine = await openEngine()
    await engine.apply({ web: web(), work: { ...sleeper(), dependsOn: { web: dependency() } } })
    const owner = await readObject(engine, 'services', 'demo--net')
    expect(owner.metadata.ownerReferences).toBeUndefined()
    for (const [kind, name] of [
      ['services', 'demo-web'],
      ['deployments', 'demo-web'],
      ['deployments', 'demo-work'],
    ] as const) {
      const { metadata, spec } = await readObject(engine, kind, name)
      expect(metadata.ownerReferences).toEqual([
        {
          apiVersion: 'v1',
          kind: 'Service',
          name: 'demo--net',
          uid: owner.metadata.uid,
          controller: false,
          blockOwnerDeletion: false,
        },
      ])
      expect(metadata.annotations?.['tycho.io/job']).toBe('job1')
      expect(JSON.stringify(spec)).not.toContain('tycho.io/job')
    }
  })

  it('that is repeated adopts what it made: two refused creates and two reads, nothing changed', async () => {
    await using engine = await openEngine()
    const first = await engine.apply({ demo: web() })
    engine.requests.length = 0
    const again = await engine.apply({ demo: web() })
    expect(again.changes.map(({ action }) => action)).toEqual(['unchanged', 'unchanged'])
    expect(again.endpoints).toEqual(first.endpoints)
    expect(writes(engine).map((one) => one.slice(-3))).toEqual(['409', '409'])
  })

  it('refuses what another incarnation holds, and leaves it as it is', async () => {
    await using engine = await openEngine()
    await engine.apply({ demo: web() })
    const before = await readObject(engine, 'deployments', 'demo')
    const other = { ...engine.identity, sid: 'ffffffffffffffffffffffffffffffff' }
    for (const mode of ['create', 'update'] as const) {
      await expect(engine.apply({ demo: web() }, { identity: other, mode })).rejects.toMatchObject({
        code: 'OBJECT_NOT_OURS',
        remedy: 'giveUp',
        problems: [{ path: 'services.demo', severity: 'error' }],
      })
    }
    const after = await readObject(engine, 'deployments', 'demo')
    expect(after.metadata.generation).toBe(before.metadata.generation)
  })

  it('writes no more once its fence is closed', async () => {
    await using engine = await openEngine()
    let checks = 0
    const fence = async () => {
      checks += 1
      if (checks === 2) throw new Error('superseded')
    }
    engine.requests.length = 0
    await expect(engine.apply({ demo: web() }, { fence })).rejects.toThrow('superseded')
    expect(writes(engine)).toEqual([expect.stringContaining('/deployments 201')])
  })

  it('says where the file is wrong, and which namespace is missing', async () => {
    await using engine = await openEngine()
    const invalid = service({ replicas: -1 })
    await expect(engine.apply({ demo: invalid })).rejects.toMatchObject({
      code: 'OBJECT_INVALID',
      remedy: 'giveUp',
      problems: [{ path: 'services.demo', message: expect.stringContaining('replicas') }],
    })
    const elsewhere = { ...engine.identity, namespace: 'there-is-no-such-namespace' }
    await expect(engine.apply({ demo: web() }, { identity: elsewhere })).rejects.toMatchObject({
      code: 'NAMESPACE_NOT_FOUND',
      remedy: 'giveUp',
    })
  })
})

describe('an update', () => {
  it('changes nothing when the file is the same, again and again', async () => {
    await using engine = await openEngine()
    const services = { web: web(), work: sleeper() }
    await engine.apply(services)
    for (const job of ['job2', 'job3']) {
      const { changes } = await engine.apply(services, { mode: 'update', job })
      expect(new Set(changes.map(({ action }) => action))).toEqual(new Set(['unchanged']))
    }
  })

  it('takes away what the file has no more, and keeps the port', async () => {
    await using engine = await openEngine()
    const first = await engine.apply({
      demo: { ...web(), environment: { A: '1', B: '2' }, command: ['/bin/httpd', '-f'] },
    })
    const second = await engine.apply(
      { demo: { ...web(), environment: { A: '1' } } },
      { mode: 'update', job: 'job2' },
    )
    expect(second.changes).toEqual([
      { subject: 'Deployment/demo', action: 'configured' },
      { subject: 'Service/demo', action: 'unchanged' },
    ])
    expect(second.endpoints).toEqual(first.endpoints)
    const { spec, metadata } = await readObject(engine, 'deployments', 'demo')
    const [container] = Object(spec).template.spec.containers
    expect(container.env).toEqual([{ name: 'A', value: '1' }])
    expect(container.args).toBeUndefined()
    expect(metadata.annotations?.['tycho.io/job']).toBe('job2')
  })

  it('repairs what was changed behind its back', async () => {
    await using engine = await openEngine()
    await engine.apply({ demo: web() })
    await using api = openApi()
    const scale = `/apis/apps/v1/namespaces/${engine.identity.namespace}/deployments/demo/scale`
    await api.send('PATCH', scale, { spec: { replicas: 0 } })
    const { changes } = await engine.apply({ demo: web() }, { mode: 'update', job: 'job2' })
    expect(changes[0]).toEqual({ subject: 'Deployment/demo', action: 'configured' })
    expect((await readObject(engine, 'deployments', 'demo')).spec?.replicas).toBe(1)
  })

  it('from one service to two and back moves the ownership, and prunes what is no longer wanted', async () => {
    await using engine = await openEngine()
    const { orchestrator, identity, fence } = engine
    await engine.apply({ demo: web() })
    const two = await engine.apply({ demo: web(), work: sleeper() }, { mode: 'update', job: 'job2' })
    expect(two.changes.filter(({ action }) => action === 'created').map(({ subject }) => subject)).toEqual([
      'Service/demo--net',
      'Deployment/demo-work',
    ])
    expect(await orchestrator.prune(identity, two.stages, fence('job2'), signal)).toEqual([])
    const back = await engine.apply({ demo: web() }, { mode: 'update', job: 'job3' })
    const pruned = await orchestrator.prune(identity, back.stages, fence('job3'), signal)
    expect(pruned.map(({ subject }) => subject).sort()).toEqual(['Deployment/demo-work', 'Service/demo--net'])
    const owner = await readObject(engine, 'deployments', 'demo')
    expect(owner.metadata.ownerReferences).toBeUndefined()
    await engine.until('demo', ({ readiness }) => readiness === 'ready')
    // A pod that is deleted while it is being made can take the kubelet a minute.
    const isGone = () => engine.told.at(-1)?.services.work === undefined
    await waitFor('the end of the rest', isGone, { timeoutMs: 90_000 })
    const published = await readObject(engine, 'services', 'demo')
    expect(published.metadata.ownerReferences?.map(({ uid }) => uid)).toEqual([owner.metadata.uid])
  })

  it('makes a changed Job anew, and what it owned stays', async () => {
    await using engine = await openEngine()
    const once = (text: string) =>
      service({
        image: 'demo/shell',
        command: ['echo', text],
        restart: { condition: 'no' },
        ports: [port(80)],
      })
    const first = await engine.apply({ demo: once('a') })
    await engine.until('demo', ({ completed }) => completed)
    const second = await engine.apply({ demo: once('b') }, { mode: 'update', job: 'job2' })
    expect(second.changes).toEqual([
      { subject: 'Job/demo', action: 'recreated' },
      { subject: 'Service/demo', action: 'configured' },
    ])
    expect(second.endpoints).toEqual(first.endpoints)
    await engine.until('demo', ({ completed }) => completed)
    const job = await readObject(engine, 'jobs', 'demo')
    const published = await readObject(engine, 'services', 'demo')
    expect(published.metadata.ownerReferences?.map(({ uid }) => uid)).toEqual([job.metadata.uid])
  })
})
