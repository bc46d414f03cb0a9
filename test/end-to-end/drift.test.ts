// Somebody else changes and deletes what Tycho has applied.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { System } from '../../src/api/schemas/system.ts'
import type { Job } from '../../src/jobs/job.ts'
import { createNamespace, openApi, testCluster } from '../kit/cluster/cluster.ts'
import { startTycho } from '../kit/tycho.ts'
import { waitFor } from '../kit/wait.ts'

const hello = readFileSync(new URL('../../samples/hello.yml', import.meta.url), 'utf8')

it('shows what was changed and deleted, and repairs it with the same file', async () => {
  await using namespace = await createNamespace('drift')
  await using api = openApi()
  await using tycho = await startTycho({ ...testCluster(), namespace: namespace.name })
  await tycho.done(await tycho.start({ name: 'hello', compose: hello }))
  const systemWhen = (isSo: (system: System) => boolean) =>
    waitFor('the system', async () => {
      const { body } = await tycho.send<System>('GET', '/v1/systems/hello')
      return isSo(body) ? body : undefined
    })
  const deployment = `/apis/apps/v1/namespaces/${namespace.name}/deployments/hello`
  await api.send('PATCH', `${deployment}?fieldManager=somebody`, { spec: { replicas: 2 } })
  const scaled = await systemWhen(({ phase }) => phase === 'degraded')
  expect(scaled).toMatchObject({
    reason: { code: 'CHANGED_OUTSIDE' },
    differences: [{ subject: 'Deployment/hello', message: 'was changed: spec.replicas is 2 instead of 1' }],
  })

  await api.send('DELETE', `/api/v1/namespaces/${namespace.name}/services/hello`)
  await systemWhen(({ differences = [] }) => differences.some(({ message }) => message === 'was deleted'))

  const { body } = await tycho.send<Job>('PUT', '/v1/systems/hello', { compose: hello })
  expect((await tycho.done(body)).result?.changes).toEqual(
    expect.arrayContaining([
      { subject: 'Deployment/hello', action: 'configured' },
      { subject: 'Service/hello', action: 'created' },
    ]),
  )
  const repaired = await systemWhen(({ phase }) => phase === 'running')
  expect(repaired.differences).toBeUndefined()
})
