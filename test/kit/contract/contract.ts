// The OpenAPI document as a judge: whether an answer is one that it describes.
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormatsModule from 'ajv-formats'
import { closeSchemas } from './close-schemas.ts'
import { createRouter, type Document, isUndocumented, type Met, type Response } from './document.ts'
import { headerFaults } from './header-faults.ts'

export type Answer = {
  method: string
  /** Path with or without query. */
  url: string
  status: number
  headers: Readonly<Record<string, unknown>>
  body: string
}

export type Contract = {
  /** What is wrong with an answer, each in a sentence; empty where the document describes it. */
  faultsOf(answer: Answer): string[]
}

const addFormats = addFormatsModule.default

/** By the text of the document: a process of tests makes many servers with the same one. */
const known = new Map<string, Contract>()

export function contractOf(document: Document): Contract {
  const text = JSON.stringify(document)
  const contract = known.get(text) ?? createContract(JSON.parse(text) as Document)
  known.set(text, contract)
  return contract
}

/** An answer that the document does not describe. */
export class UndeclaredAnswer extends Error {
  override name = 'UndeclaredAnswer'
}

/** Throws UndeclaredAnswer with what is wrong with an answer. */
export function mustHold(contract: Contract, answer: Answer): void {
  const faults = contract.faultsOf(answer)
  if (faults.length === 0) return
  const { method, url, status, body } = answer
  throw new UndeclaredAnswer(
    [
      `${method} ${url} was answered ${status}, and the OpenAPI document says otherwise:`,
      ...faults.map((fault) => `  - ${fault}`),
      `  The body: ${body.slice(0, 2000)}`,
    ].join('\n'),
  )
}

function createContract(document: Document): Contract {
  const findOperation = createRouter(document)
  const judge = createBodyJudge(document)
  return {
    faultsOf: (answer) => {
      const path = answer.url.split('?', 1)[0] ?? ''
      if (isUndocumented(path)) return []
      const met = findOperation(answer.method, path)
      if (!met) return faultsBesideRoutes(answer, judge)
      const response = met.operation.responses[answer.status]
      if (!response) return [`status ${answer.status} is not declared for ${met.method} ${met.path}`]
      return [
        ...headerFaults(response.headers ?? {}, answer.headers),
        ...bodyFaults(met, response, answer, judge),
      ]
    },
  }
}

type BodyJudge = (pointer: string, body: string) => string[]

function bodyFaults(met: Met, response: Response, answer: Answer, judge: BodyJudge): string[] {
  const declared = Object.keys(response.content ?? {})
  const type = mediaTypeOf(answer)
  if (declared.length === 0 || answer.method === 'HEAD') {
    return answer.body === '' ? [] : ['there is a body, and none is declared']
  }
  if (type === null || !declared.includes(type)) {
    return [`content type ${type} is not declared, only ${declared.join(', ')}`]
  }
  if (!response.content?.[type]?.schema || !isJson(type)) return []
  return judge(
    pointerOf('paths', met.path, met.method, 'responses', String(answer.status), 'content', type, 'schema'),
    answer.body,
  )
}

/** Where no operation is met, the document says nothing: then the answer is a refusal that every path may have. */
function faultsBesideRoutes(answer: Answer, judge: BodyJudge): string[] {
  const { status, method, body } = answer
  if (method === 'OPTIONS' && status === 204) return body === '' ? [] : ['there is a body with a 204']
  if (![400, 401, 403, 404, 405, 413, 414, 415, 429, 503].includes(status)) {
    return ['the document has no such method and path, and the answer is no refusal']
  }
  if (method === 'HEAD') return []
  const type = mediaTypeOf(answer)
  if (type === 'application/problem+json')
    return judge(pointerOf('components', 'schemas', 'HttpProblem'), body)
  if (type === 'application/json' && answer.url.startsWith('/system/')) {
    return judge(pointerOf('components', 'schemas', 'OriginalError'), body)
  }
  return [`a refusal comes as application/problem+json, not ${type}`]
}

/** Validators are compiled when their schema is first met. */
function createBodyJudge(document: Document): BodyJudge {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true, validateSchema: false })
  addFormats(ajv)
  ajv.addSchema(closeSchemas(document) as object, 'openapi')
  const validators = new Map<string, ValidateFunction>()
  return (pointer, body) => {
    let value: unknown
    try {
      value = JSON.parse(body)
    } catch {
      return ['the body is no JSON']
    }
    const validate = validators.get(pointer) ?? ajv.getSchema(`openapi#${pointer}`)
    if (!validate) return [`the document has no schema at ${pointer}`]
    validators.set(pointer, validate)
    if (validate(value)) return []
    return (validate.errors ?? []).slice(0, 10).map(({ instancePath, message, params }) => {
      const { unevaluatedProperty, allowedValues } = params as Record<string, unknown>
      if (unevaluatedProperty !== undefined) return `${instancePath}/${unevaluatedProperty} is not declared`
      return `${instancePath || 'the body'} ${message}${allowedValues ? ` (${allowedValues})` : ''}`
    })
  }
}

/** A JSON pointer in a URI fragment. */
function pointerOf(...keys: string[]): string {
  return keys.map((key) => `/${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('')
}

function mediaTypeOf({ headers }: Answer): string | null {
  const type = headers['content-type']
  return typeof type === 'string' ? (type.split(';', 1)[0]?.trim().toLowerCase() ?? null) : null
}

function isJson(type: string): boolean {
  return type === 'application/json' || type.endsWith('+json')
}
