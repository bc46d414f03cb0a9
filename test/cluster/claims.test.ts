// Claims, before a real API server: whose they are, and what can't become of them.
import { describe, expect, it } from 'vitest'
import { emptySystem } from '../../src/system/empty.ts'
import { service } from '../compile/specs.ts'
import { openApi } from '../kit/cluster/cluster.ts'
import { type Engine, openEngine } from '../kit/engine.ts'

const signal = new AbortController().signal

async function applyWith(engine: Engine, size: string) {
  const mount = { ...emptyMount, volume: 'data', target: '/data' }
  const spec = {
    ...emptySystem(),
    services: { demo: service({ replicas: 0, mounts: [mount] }) },
    volumes: { data: { ...emptyVolume, extensions: { 'x-k8s': { size } } } },
  }
  const { identity, orchestrator } = engine
  const { stages } = orchestrator.compile(
    { identity, spec, exposure: 'nodePort' },
    await orchestrator.facts(signal),
  )
  const [stage] = stages
  if (!stage) throw new Error('refused')
  return orchestrator.apply(
    { identity, stage, mode: 'create', memo: {}, fence: engine.fence('job1') },
    signal,
  )
}

const emptyVolume = { name: null, external: false, driver: null, driverOptions: {}, labels: {} }
const emptyMount = {
  type: 'volume' as const,
  readOnly: false,
  consistency: null,
  extensions: {},
  subpath: null,
  noCopy: true,
  labels: {},
}
const claims = (engine: Engine) => `/api/v1/namespaces/${engine.identity.namespace}/persistentvolumeclaims`

describe('a claim', () => {
  it('has no owner, is adopted as it is, and is refused a size that it can not have', async () => {
    await using engine = await openEngine()
    await using api = openApi()
    await applyWith(engine, '1Gi')
    const made = await api.send<{ metadata: object }>('GET', `${claims(engine)}/demo-data`)
    expect(made.metadata).not.toHaveProperty('ownerReferences')
    const { changes } = await applyWith(engine, '1024Mi')
    expect(changes).toContainEqual({ subject: 'PersistentVolumeClaim/demo-data', action: 'unchanged' })
    await expect(applyWith(engine, '2Gi')).rejects.toMatchObject({
      code: 'VOLUME_CANNOT_GROW',
      problems: [{ path: 'volumes.data' }],
    })
    const smaller = await applyWith(engine, '1Mi')
    expect(smaller.changes).toContainEqual({
      subject: 'PersistentVolumeClaim/demo-data',
      action: 'unchanged',
    })
    expect(smaller.problems).toMatchObject([{ code: 'VOLUME_KEPT_AS_IS', path: 'volumes.data' }])
  })

  it('of a stranger is left alone, and is not deleted with the volumes of the system', async () => {
    await using engine = await openEngine()
    await using api = openApi()
    await api.send('POST', claims(engine), {
      metadata: { name: 'demo-data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    })
    await expect(applyWith(engine, '1Gi')).rejects.toMatchObject({
      code: 'OBJECT_NOT_OURS',
      problems: [{ path: 'volumes.data' }],
    })
    await engine.orchestrator.remove(engine.identity, signal, { volumes: true })
    const left = await api.send<{ metadata: object }>('GET', `${claims(engine)}/demo-data`)
    expect(left.metadata).not.toHaveProperty('deletionTimestamp')
  })
})
