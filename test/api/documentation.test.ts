// The OpenAPI document and its page; the catalogue of codes.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { errorCodes } from '../../src/api/error-codes.ts'
import { send, testApi } from './kit.ts'

type Operation = { responses: Record<string, { description: string; content?: object }>; summary?: string }
type Document = {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, object> }
}

const expected: Record<string, string[]> = {
  '/healthz': ['get'],
  '/readyz': ['get'],
  '/metrics': ['get'],
  '/v1/systems': ['get', 'post'],
  '/v1/systems/{name}': ['delete', 'get', 'patch', 'put'],
  '/v1/systems/{name}/compose': ['get'],
  '/v1/systems/{name}/manifests': ['get'],
  '/v1/systems/{name}/events': ['get'],
  '/v1/events': ['get'],
  '/v1/systems/{name}/logs': ['get'],
  '/v1/systems/{name}/restart': ['post'],
  '/v1/systems/{name}/suspend': ['post'],
  '/v1/systems/{name}/resume': ['post'],
  '/v1/compile': ['post'],
  '/v1/doctor': ['get'],
  '/v1/doctor/remove': ['post'],
  '/v1/tokens': ['get', 'post'],
  '/v1/tokens/{id}': ['delete', 'get'],
  '/v1/webhooks': ['get', 'post'],
  '/v1/webhooks/{id}': ['delete', 'get', 'patch'],
  '/v1/webhooks/{id}/ping': ['post'],
  '/v1/webhooks/{id}/rotate': ['post'],
  '/v1/webhooks/{id}/deliveries': ['get'],
  '/v1/webhooks/{id}/deliveries/{deliveryId}/redeliver': ['post'],
  '/v1/webhooks/secret': ['get'],
  '/v1/webhooks/secret/rotate': ['post'],
  '/v1/webhooks/callbacks/deliveries': ['get'],
  '/v1/webhooks/callbacks/deliveries/{deliveryId}/redeliver': ['post'],
  '/v1/batches': ['get', 'post'],
  '/v1/batches/plan': ['post'],
  '/v1/batches/prepare': ['post'],
  '/v1/preparations/{id}': ['get'],
  '/v1/preparations/{id}/cancel': ['post'],
  '/v1/batches/{id}': ['delete', 'get'],
  '/v1/batches/{id}/items': ['get'],
  '/v1/batches/{id}/events': ['get'],
  '/v1/batches/{id}/cancel': ['post'],
  '/v1/batches/{id}/retry': ['post'],
  '/v1/jobs': ['get'],
  '/v1/jobs/{id}': ['get'],
  '/v1/jobs/{id}/events': ['get'],
  '/v1/jobs/{id}/cancel': ['post'],
  '/v1/jobs/{id}/retry': ['post'],
  '/system/start': ['post'],
  '/system/status': ['post'],
  '/system/delete': ['post'],
}

async function document(): Promise<Document> {
  await using api = await testApi()
  return (await send<Document>(api, { method: 'GET', url: '/openapi.json' })).body
}

describe('the OpenAPI document', () => {
  it('is of version 3.1 and has every route', async () => {
    const { openapi, paths } = await document()
    expect(openapi).toMatch(/^3\.1\./)
    const found = Object.fromEntries(
      Object.entries(paths).map(([path, operations]) => [path, Object.keys(operations).toSorted()]),
    )
    expect(found).toEqual(expected)
  })

  it('gives each operation a summary and each of its responses a description', async () => {
    for (const operations of Object.values((await document()).paths)) {
      for (const { summary, responses } of Object.values(operations)) {
        expect(summary).toBeTruthy()
        expect(Object.keys(responses).length).toBeGreaterThan(0)
        for (const { description } of Object.values(responses)) {
          expect(description).toBeTruthy()
          expect(description).not.toBe('Default Response')
        }
      }
    }
  })

  it('declares the refusals of a start', async () => {
    const { responses } = (await document()).paths['/v1/systems']?.post ?? { responses: {} }
    expect(Object.keys(responses)).toEqual(
      expect.arrayContaining(['202', '400', '401', '403', '409', '413', '415', '422', '500', '503']),
    )
  })

  it('refers only to schemas that it has', async () => {
    const whole = await document()
    const names = new Set(
      [...JSON.stringify(whole).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference),
    )
    for (const reference of names) {
      expect(reference).toMatch(/^#\/components\/schemas\//)
      expect(whole.components.schemas).toHaveProperty(reference?.split('/').at(-1) ?? '')
    }
    expect(names.size).toBeGreaterThan(5)
  })
})

it('/apidocs/ is a page that may load nothing from elsewhere', async () => {
  await using api = await testApi()
  const answer = await api.app.inject({ method: 'GET', url: '/apidocs/' })
  expect(answer.statusCode).toBe(200)
  expect(answer.headers['content-type']).toContain('text/html')
  expect(answer.headers['content-security-policy']).toContain("default-src 'self'")
  expect(answer.headers['content-security-policy']).toContain("frame-ancestors 'none'")
  const script = await api.app.inject({ method: 'GET', url: '/apidocs/static/swagger-ui-bundle.js' })
  expect(script.statusCode).toBe(200)
})

it('every code that the API throws is in the catalogue, with its status', () => {
  const folder = join(import.meta.dirname, '../../src/api')
  const used = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [...readFileSync(join(folder, file), 'utf8').matchAll(/Error\(\s*'([A-Z_]+)'/g)])
    .map(([, code]) => code)
  expect(used.length).toBeGreaterThan(10)
  for (const code of used) expect(errorCodes).toHaveProperty(code ?? '')
})
