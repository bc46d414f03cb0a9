// The OpenAPI document as a whole: valid, complete, and true about who may call what.
import { readFileSync } from 'node:fs'
import { Validator } from '@seriousme/openapi-schema-validator'
import { beforeAll, describe, expect, it } from 'vitest'
import { errorsPage } from '../../../scripts/docs/errors-page.ts'
import { errorCodes } from '../../../src/api/error-codes.ts'
import type { Document, Operation } from '../../kit/contract/document.ts'
import { issue, testApi } from '../kit.ts'

type Whole = Document & {
  tags: { name: string; description: string }[]
  servers: unknown[]
  components: { securitySchemes: Record<string, unknown> }
}
type Row = { method: string; path: string; operation: Operation }

let document: Whole
let rows: Row[]

beforeAll(async () => {
  await using api = await testApi()
  document = JSON.parse(JSON.stringify(api.app.swagger())) as Whole
  rows = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
    })),
  )
})

/** Codes of what meets no route, or is no request that could. */
const besideRoutes = [
  'HEADERS_TOO_LARGE',
  'MALFORMED_REQUEST',
  'REQUEST_TIMEOUT',
  'ROUTE_NOT_FOUND',
  'URL_TOO_LONG',
]

const isTenants = ({ path }: Row) => path.startsWith('/v1/') || path.startsWith('/system/')
/** With something in the place of each parameter. */
const filled = (path: string) => path.replace(/\{[^}]+\}/g, 'none')

describe('the OpenAPI document', () => {
  it('is valid as OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(JSON.parse(JSON.stringify(document)))
    expect(errors).toBeUndefined()
    expect(valid).toBe(true)
  })

  it('describes each tag that an operation has, the servers, the tokens and the webhooks', () => {
    const described = new Set(document.tags.map(({ name }) => name))
    const used = rows.flatMap(({ operation }) => operation.tags ?? [])
    expect(used.filter((tag) => !described.has(tag))).toEqual([])
    expect(document.servers.length).toBeGreaterThan(0)
    expect(document.components.securitySchemes).toHaveProperty('bearer')
    expect(Object.keys(document.webhooks)).toEqual(
      expect.arrayContaining(['system.started', 'job.canceled', 'batch.completed']),
    )
  })

  it('tells the codes of each refusal, which are in the catalogue with that status', () => {
    const told = new Set<string>()
    for (const { operation } of rows) {
      for (const [status, { content }] of Object.entries(operation.responses)) {
        const schema = content?.['application/problem+json']?.schema ?? content?.['application/json']?.schema
        const [, codes = '[]'] = /"code":\{"enum":(\[[^\]]*\])/.exec(JSON.stringify(schema ?? '')) ?? []
        for (const code of JSON.parse(codes) as (keyof typeof errorCodes)[]) {
          told.add(code)
          expect(errorCodes[code]?.status, code).toBe(Number(status))
        }
      }
    }
    const untold = Object.keys(errorCodes).filter((code) => !told.has(code))
    expect(untold.toSorted()).toEqual(besideRoutes)
  })

  it('names the scope that each operation needs: a token that lacks it is refused, and no other', async () => {
    await using api = await testApi({ anonymousTenant: null })
    const tokens = {
      read: await issue(api, { scopes: ['read'] }),
      write: await issue(api, { scopes: ['write'] }),
    }
    const order = ['read', 'write', 'admin']
    for (const { method, path, operation } of rows.filter(isTenants)) {
      const needed = operation.security?.[0]?.bearer?.[0] ?? ''
      expect(order, `${method} ${path}`).toContain(needed)
      for (const [scope, { headers }] of Object.entries(tokens)) {
        if (path.endsWith('/events') && order.indexOf(scope) >= order.indexOf(needed)) continue
        const { body } = await api.app.inject({ method: method as 'GET', url: filled(path), headers })
        const isRefused = body.includes('"INSUFFICIENT_SCOPE"')
        expect(isRefused, `${method} ${path} with ${scope}`).toBe(
          order.indexOf(scope) < order.indexOf(needed),
        )
      }
    }
  })
})

describe('every route', () => {
  it('refuses a query parameter that it does not know', async () => {
    await using api = await testApi()
    for (const { method, path } of rows.filter(isTenants)) {
      const answer = await api.app.inject({ method: method as 'GET', url: `${filled(path)}?unheard=1` })
      expect(answer.statusCode, `${method} ${path}`).toBe(400)
    }
  })

  it('is not met with a slash at its end; of what has an id there, the id is none', async () => {
    await using api = await testApi()
    for (const { method, path } of rows.filter(isTenants)) {
      const answer = await api.app.inject({ method: method as 'GET', url: `${filled(path)}/` })
      expect([400, 404], `${method} ${path}/`).toContain(answer.statusCode)
    }
  })
})

it('docs/errors.md says what the catalogue says (npm run docs writes it)', () => {
  expect(readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8')).toBe(errorsPage())
})
