// The server closes although clients wait.
import { expect, it } from 'vitest'
import type { Job } from '../../src/jobs/job.ts'
import { waitFor } from '../kit/wait.ts'
import { hello, start, testApi } from './kit.ts'

it('ends long polls with the job as it is', async () => {
  await using api = await testApi()
  const { id } = await start(api, { compose: hello })
  const url = await api.app.listen({ host: '127.0.0.1', port: 0 })
  const answer = fetch(`${url}/v1/jobs/${id}?wait=60`)
  await waitFor('the poll to wait', () => api.waiting() > 0)
  await api.app.close()
  expect((await (await answer).json()) as Job).toMatchObject({ id, done: false })
})

it('forgets a client that goes while it waits', async () => {
  await using api = await testApi()
  const { id } = await start(api, { compose: hello })
  const url = await api.app.listen({ host: '127.0.0.1', port: 0 })
  const client = new AbortController()
  const answer = fetch(`${url}/v1/jobs/${id}?wait=60`, { signal: client.signal })
  await waitFor('the poll to wait', () => api.waiting() > 0)
  client.abort()
  await expect(answer).rejects.toThrow()
  await waitFor('nobody to wait', () => api.waiting() === 0)
})
