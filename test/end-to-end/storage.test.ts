// What a system keeps on a cluster: its claims.
import { describe, expect, it } from 'vitest'
import type { Job } from '../../src/jobs/job.ts'
import { createNamespace, isGone, openApi, testCluster } from '../kit/cluster/cluster.ts'
import { startTycho, type Tycho } from '../kit/tycho.ts'

async function run(tycho: Tycho, method: string, path: string, body?: object): Promise<Job> {
  const answer = await tycho.send<Job>(method, `/v1/systems${path}`, body)
  expect(answer.status).toBe(202)
  const job = await tycho.done(answer.body)
  expect([job.status, job.error]).toEqual(['succeeded', undefined])
  return job
}

const shell = (script: string, more: object) => ({
  image: 'demo/shell',
  restart: 'always',
  command: ['sh', '-c', `${script}; exec sleep 600`],
  ...more,
})

describe('the volumes of a system', () => {
  it('stay as they are for a file that asks for less, and go when that is asked for after the stop', async () => {
    await using namespace = await createNamespace('storage')
    await using api = openApi()
    await using tycho = await startTycho({ kubeconfig: testCluster().kubeconfig, namespace: namespace.name })
    const web = shell('true', { volumes: ['data:/data'], deploy: { replicas: 0 } })
    const compose = { services: { web }, volumes: { data: {} } }
    const claim = `/api/v1/namespaces/${namespace.name}/persistentvolumeclaims/keeper-data`

    await run(tycho, 'POST', '', { name: 'keeper', compose })
    const smaller = `${JSON.stringify(compose).slice(0, -'{"data":{}}}'.length)}\n {data: {x-k8s: {size: 1Mi}}}}`
    const { problems } = await run(tycho, 'PUT', '/keeper', { compose: smaller })
    expect(problems).toContainEqual(expect.objectContaining({ code: 'VOLUME_KEPT_AS_IS', line: 2 }))
    await run(tycho, 'DELETE', '/keeper')
    expect(await isGone(api, claim)).toBe(false)
    const { result } = await run(tycho, 'DELETE', '/keeper?volumes=true')
    expect(result?.changes).toEqual([{ subject: 'PersistentVolumeClaim/keeper-data', action: 'deleted' }])
    expect(await isGone(api, claim)).toBe(true)
  })
})
