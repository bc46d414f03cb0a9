// What a CronJob has started is ended where it is to run nothing, and nothing else is.
import { expect, it } from 'vitest'
import { createClient } from '../../src/orchestrators/kubernetes/cluster/client.ts'
import { createConnections } from '../../src/orchestrators/kubernetes/cluster/connections.ts'
import { endRuns } from '../../src/orchestrators/kubernetes/cluster/end-runs.ts'
import type { KubeObject } from '../../src/orchestrators/kubernetes/cluster/objects.ts'
import { createResources } from '../../src/orchestrators/kubernetes/cluster/resources.ts'
import { json, startApiServer } from '../kit/api-server.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }

const metadata = (name: string, more: object = {}) => ({ name, uid: name, resourceVersion: '1', ...more })

const runOf = (cronJob: string, name: string, ended = false) => ({
  metadata: metadata(name, {
    namespace: 'class',
    ownerReferences: [
      { apiVersion: 'batch/v1', kind: 'CronJob', name: cronJob, uid: cronJob, controller: true },
    ],
  }),
  status: { conditions: ended ? [{ type: 'Complete', status: 'True' }] : [] },
})

const cronJob = (name: string, suspend: boolean): KubeObject => ({
  metadata: metadata(name),
  spec: { suspend },
})

async function end(written: KubeObject[]) {
  const items = [runOf('backup', 'running'), runOf('backup', 'ended', true), runOf('other', 'others')]
  await using server = await startApiServer(({ method }, response) =>
    json(response, 200, method === 'GET' ? { metadata: {}, items } : {}),
  )
  const connections = createConnections({ paths: [server.kubeconfig] }, log)
  const identity = { tenant: 't', namespace: 'class', name: 'demo', sid: 'sid1' }
  const fence = { job: 'job1', sid: 'sid1', attempt: 1, check: async () => {} }
  const resources = createResources(createClient(connections))
  const changes = await endRuns(written, { resources, identity, fence, signal: new AbortController().signal })
  await connections.close()
  return { changes, calls: server.calls.map(({ method, path }) => `${method} ${path}`) }
}

it('ends the runs of a suspended CronJob that are under way', async () => {
  const { changes, calls } = await end([cronJob('backup', true), cronJob('other', false)])
  expect(changes).toEqual([{ subject: 'Job/running', action: 'deleted' }])
  expect(calls.filter((call) => call.startsWith('DELETE'))).toEqual([
    'DELETE /apis/batch/v1/namespaces/class/jobs/running',
  ])
})

it('asks nothing where every CronJob runs', async () => {
  expect(await end([cronJob('backup', false)])).toEqual({ changes: [], calls: [] })
})
