// What a system counts on in its namespace, asked of a real API server before anything is written.
import { expect, it } from 'vitest'
import { parseCompose } from '../../src/compose/parse.ts'
import type { ClusterFacts } from '../../src/orchestrators/kubernetes/facts.ts'
import type { Stage } from '../../src/orchestrators/orchestrator.ts'
import { openApi } from '../kit/cluster/cluster.ts'
import { managedObjects } from '../kit/cluster/objects.ts'
import { type Engine, openEngine } from '../kit/engine.ts'

const signal = AbortSignal.timeout(60_000)

async function stagesOf(
  { orchestrator, identity }: Engine,
  compose: object,
  known: Partial<ClusterFacts> = {},
): Promise<Stage[]> {
  const { spec } = parseCompose({ compose, env: {}, files: {} })
  if (!spec) throw new Error('the file is wrong')
  const facts = { ...(await orchestrator.facts(signal)), ...known }
  return orchestrator.compile({ identity, spec, exposure: 'nodePort' }, facts).stages
}

function applyFirst({ orchestrator, identity, fence }: Engine, [stage]: Stage[]) {
  if (!stage) throw new Error('nothing to apply')
  return orchestrator.apply({ identity, stage, mode: 'create', memo: {}, fence: fence('job1') }, signal)
}

const web = { image: 'demo/hello' }

it('a Secret that the file calls external and is not there ends the start, at the line of the file', async () => {
  await using engine = await openEngine()
  await using api = openApi()
  const { namespace } = engine.identity
  const stages = await stagesOf(engine, {
    services: { demo: { ...web, secrets: ['key'] } },
    secrets: { key: { external: true, name: 'keys' } },
  })
  const missing = { code: 'EXTERNAL_NOT_FOUND', severity: 'error', path: 'secrets.key' }
  const refused = { code: 'EXTERNAL_NOT_FOUND', remedy: 'giveUp', problems: [missing] }
  await expect(applyFirst(engine, stages)).rejects.toMatchObject(refused)
  expect(await engine.orchestrator.dryRun(engine.identity, stages, signal)).toMatchObject([missing])
  expect(await managedObjects(api, namespace)).toEqual([])

  const secrets = `/api/v1/namespaces/${namespace}/secrets`
  await api.send('POST', secrets, { metadata: { name: 'keys' }, stringData: { other: 'x' } })
  await expect(applyFirst(engine, stages)).rejects.toMatchObject(refused)
  await api.send('DELETE', `${secrets}/keys`)
  await api.send('POST', secrets, { metadata: { name: 'keys' }, stringData: { key: 'x' } })
  expect((await applyFirst(engine, stages)).changes).toContainEqual({
    subject: 'Deployment/demo',
    action: 'created',
  })
})

it("a stranger's Service of a service's name ends the start where the address of the DNS is unknown", async () => {
  await using engine = await openEngine()
  await using api = openApi()
  const services = `/api/v1/namespaces/${engine.identity.namespace}/services`
  await api.send('POST', services, { metadata: { name: 'redis' }, spec: { ports: [{ port: 6379 }] } })
  const compose = { services: { demo: web, redis: web } }
  await expect(applyFirst(engine, await stagesOf(engine, compose, { dns: null }))).rejects.toMatchObject({
    code: 'SERVICE_NAME_TAKEN',
    remedy: 'giveUp',
    problems: [{ code: 'SERVICE_NAME_TAKEN', path: 'services.redis' }],
  })
  await api.send('DELETE', `${services}/redis`)
  await applyFirst(engine, await stagesOf(engine, compose, { dns: null }))
})

it('nothing is read where the address of the DNS is known and the file makes all that it uses', async () => {
  await using engine = await openEngine()
  const stages = await stagesOf(engine, { services: { demo: web, redis: web } })
  engine.requests.length = 0
  await applyFirst(engine, stages)
  const { namespace } = engine.identity
  const reads = engine.requests.filter((one) => one.startsWith(`GET /api/v1/namespaces/${namespace}/`))
  expect(reads).toEqual([])
})
