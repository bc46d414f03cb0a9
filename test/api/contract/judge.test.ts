// The judge of all answers is itself judged: each kind of lie about an answer is found.
import { expect, it } from 'vitest'
import { type Answer, contractOf } from '../../kit/contract/contract.ts'
import type { Document } from '../../kit/contract/document.ts'
import { hello, start, testApi } from '../kit.ts'

async function answered(change: Partial<Answer> & { more?: object } = {}): Promise<string[]> {
  await using api = await testApi()
  const { id } = await start(api, { name: 'a', compose: hello })
  const url = `/v1/jobs/${id}`
  const { statusCode: status, headers, body } = await api.app.inject(url)
  const { more, ...rest } = change
  const answer = { method: 'GET', url, status, headers, body, ...rest }
  const lied = { ...answer, ...(more && { body: JSON.stringify({ ...JSON.parse(body), ...more }) }) }
  return contractOf(api.app.swagger() as unknown as Document).faultsOf(lied)
}

const headers = { 'content-type': 'application/json', etag: 'W/"1"', 'x-request-id': 'a' }

it('an answer as it is declared has no fault', async () => {
  expect(await answered()).toEqual([])
  expect(await answered({ headers })).toEqual([])
})

it.each([
  ['a status that is not declared', { status: 418 }, 'status 418 is not declared for get /v1/jobs/{id}'],
  ['a field that is not declared', { more: { extra: 1 } }, '/extra is not declared'],
  [
    'a field within that is not declared',
    { more: { system: {} } },
    "/system must have required property 'name'",
  ],
  ['a wrong type', { more: { attempt: 'one' } }, '/attempt must be integer'],
  ['a field that is missing', { body: '{}' }, "the body must have required property 'id'"],
  [
    'another content type',
    { headers: { ...headers, 'content-type': 'text/plain' } },
    'content type text/plain',
  ],
  [
    'a header that is not declared',
    { headers: { ...headers, 'x-more': '1' } },
    'header x-more is not declared',
  ],
  [
    'a header that is missing',
    { headers: { ...headers, etag: undefined } },
    'header etag is promised, and absent',
  ],
  [
    'a header of another form',
    { headers: { ...headers, 'retry-after': 'soon' } },
    'header retry-after is soon',
  ],
  ['what is no JSON', { body: 'oops' }, 'the body is no JSON'],
  [
    'success where there is no route',
    { url: '/v2/none', status: 200 },
    'the document has no such method and path',
  ],
])('finds %s', async (_what, change, fault) => {
  expect((await answered(change)).join('\n')).toContain(fault)
})

it('finds a refusal with a code of another route, in both of its forms', async () => {
  await using api = await testApi()
  const { faultsOf } = contractOf(api.app.swagger() as unknown as Document)
  const jobs = await api.app.inject('/v1/jobs/none')
  const original = await api.app.inject({
    method: 'POST',
    url: '/system/delete',
    payload: { name: 'none' },
  })
  const rows = [
    { method: 'GET', url: '/v1/jobs/none', answer: jobs, from: 'JOB_NOT_FOUND' },
    { method: 'POST', url: '/system/delete', answer: original, from: 'SYSTEM_NOT_FOUND' },
  ]
  for (const { method, url, answer, from } of rows) {
    const { statusCode: status, headers, body } = answer
    const told = (text: string) => faultsOf({ method, url, status, headers, body: text })
    expect(told(body)).toEqual([])
    expect(told(body.replaceAll(from, 'TOKEN_NOT_FOUND')).join()).toContain(
      'code must be equal to one of the allowed values',
    )
  }
})

it('an injected answer that is not declared fails its request', async () => {
  const wrong = { reachable: true, version: 7 } as never
  await using api = await testApi({ reading: { reachability: async () => wrong } })
  await expect(api.app.inject('/v1/doctor')).rejects.toThrow('/parts/2/version must be string')
})
