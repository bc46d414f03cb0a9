// Requests that mean something, so that there is something to be wrong about: starts, changes, cancels, stops.
import * as fc from 'fast-check'
import { toJson } from './damage.ts'
import type { Part, Wish } from './wishes.ts'

const web = { services: { web: { image: 'demo/hello', ports: ['80'] } } }
const two = { services: { web: { image: 'demo/hello' }, db: { image: 'demo/db', depends_on: ['web'] } } }

const name = fc.constantFrom('a', 'b', 'hello', 'web-1')
const compose = fc.constantFrom(web, two)

/** Of the newest that are known. */
const known: fc.Arbitrary<Part> = fc.nat(4).map((pick) => ({ pick }))

const start = fc
  .tuple(name, compose)
  .map(([one, file]) => wish('POST', '/v1/systems', {}, { name: one, compose: file }))
const put = fc
  .tuple(name, compose)
  .map(([text, file]) =>
    wish('PUT', '/v1/systems/{name}', { name: { text } }, { compose: file, rollback: true }),
  )
const stop = known.map((one) => wish('DELETE', '/v1/systems/{name}', { name: one }))
const ofJob = fc
  .tuple(known, fc.constantFrom('cancel', 'retry'))
  .map(([id, verb]) => wish('POST', `/v1/jobs/{id}/${verb}`, { id }))
const ofSystem = fc
  .tuple(known, fc.constantFrom('restart', 'suspend', 'resume'))
  .map(([one, verb]) => wish('POST', `/v1/systems/{name}/${verb}`, { name: one }))
const patch = known.map((one) =>
  wish('PATCH', '/v1/systems/{name}', { name: one }, { services: { web: { replicas: 2 } } }),
)
const read = fc
  .tuple(known, fc.constantFrom('', '/compose', '/manifests', '/events'))
  .map(([one, what]) => wish('GET', `/v1/systems/{name}${what}`, { name: one }))
const batch = fc
  .integer({ min: 1, max: 5 })
  .map((count) => wish('POST', '/v1/batches', {}, { compose: web, count }))
const webhook = fc.constant(wish('POST', '/v1/webhooks', {}, { url: 'http://127.0.0.1:9/hook' }))
const original = name.map((one) => wish('POST', '/system/start', {}, { name: one, system: web }))

export const goodWishes: fc.Arbitrary<Wish> = fc.oneof(
  { weight: 4, arbitrary: start },
  { weight: 4, arbitrary: put },
  { weight: 2, arbitrary: stop },
  { weight: 4, arbitrary: ofJob },
  { weight: 3, arbitrary: ofSystem },
  { weight: 2, arbitrary: patch },
  { weight: 2, arbitrary: read },
  { weight: 2, arbitrary: batch },
  { weight: 1, arbitrary: webhook },
  { weight: 1, arbitrary: original },
)

function wish(method: string, template: string, parts: Wish['parts'], body?: object): Wish {
  const headers: Wish['headers'] = body ? [['content-type', 'application/json']] : []
  return { method, template, parts, query: [], headers, body: body ? toJson(body) : null, chunked: false }
}
