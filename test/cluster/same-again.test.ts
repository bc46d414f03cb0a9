// The same file again, before a real API server: every object is applied, and none is written.
import { expect, test } from 'vitest'
import { parseCompose } from '../../src/compose/parse.ts'
import type { KubeObject } from '../../src/orchestrators/kubernetes/cluster/objects.ts'
import type { ChangeSet } from '../../src/system/change.ts'
import { openApi } from '../kit/cluster/cluster.ts'
import { type Engine, openEngine } from '../kit/engine.ts'

const file = (level: string) => `
services:
  web:
    image: demo/shell
    command: sleep 600
    restart: unless-stopped
    ports: ["80"]
    environment: {LEVEL: ${level}}
    configs: [settings]
    secrets: [token]
    healthcheck: {test: "true", interval: 1s}
    deploy: {resources: {limits: {memory: 64M}}}
  other:
    image: demo/shell
    command: sleep 600
    restart: unless-stopped
configs:
  settings: {content: "level: info"}
secrets:
  token: {environment: TOKEN}
`

const signal = AbortSignal.timeout(110_000)

async function put(engine: Engine, level: string, job: string): Promise<ChangeSet> {
  const { spec, problems } = parseCompose({ compose: file(level), env: { TOKEN: 'secret' } })
  if (!spec) throw new Error(problems.map(({ message }) => message).join(' '))
  const { orchestrator, identity } = engine
  const facts = await orchestrator.facts(signal)
  const { stages } = orchestrator.compile({ identity, spec, exposure: 'nodePort' }, facts)
  const mode = job === 'job1' ? 'create' : 'update'
  const fence = { job, sid: identity.sid, attempt: 1, check: async () => {} }
  const changes: ChangeSet = []
  let memo = {}
  for (const stage of stages) {
    const applied = await orchestrator.apply({ identity, stage, mode, memo, fence }, signal)
    changes.push(...applied.changes)
    memo = applied.memo
  }
  return changes
}

/** Of all that the system is made of, with the versions that the cluster gave. */
async function versionsOf({ identity }: Engine): Promise<Record<string, string>> {
  await using api = openApi()
  const paths = ['/apis/apps/v1|deployments', '/api/v1|services', '/api/v1|configmaps', '/api/v1|secrets']
  const lists = await Promise.all(
    paths.map(async (path) => {
      const [group, plural] = path.split('|')
      const url = `${group}/namespaces/${identity.namespace}/${plural}?labelSelector=tycho.io%2Fsid%3D${identity.sid}`
      const { items } = await api.send<{ items: KubeObject[] }>('GET', url)
      return items.map(({ metadata }) => [`${plural}/${metadata.name}`, metadata.resourceVersion] as const)
    }),
  )
  return Object.fromEntries(lists.flat())
}

test('the same file again changes no resourceVersion; another value writes what has it', async () => {
  await using engine = await openEngine()
  const made = await put(engine, 'info', 'job1')
  expect(made.map(({ action }) => action)).toEqual(made.map(() => 'created'))
  for (const name of ['web', 'other']) await engine.until(name, ({ readiness }) => readiness === 'ready')

  const before = await versionsOf(engine)
  expect(Object.keys(before)).toHaveLength(made.length)
  const again = await put(engine, 'info', 'job2')
  expect(again.map(({ action }) => action)).toEqual(made.map(() => 'unchanged'))
  expect(await versionsOf(engine)).toEqual(before)

  const other = await put(engine, 'debug', 'job3')
  const written = other.filter(({ action }) => action !== 'unchanged')
  expect(written).toEqual([{ subject: expect.stringMatching(/^Deployment\/.*web$/), action: 'configured' }])
})
