// How the operations refuse: for each status an example with the first of the codes that the operation can answer.
import { type ErrorCode, errorCodes } from '../../error-codes.ts'
import { batch, preparation } from './batch.ts'
import { token } from './operation.ts'
import { job } from './system.ts'
import { delivery, webhook } from './webhook.ts'

/** `before`: how the sentence of the refusal begins, which ends with that of the problem. */
type Wrong = { before: string; message: string; code: string; path: string; place?: object }

const ofFile = "The Compose file can't be run: "

/** Codes whose `problems` say what is wrong. */
const withProblem: Readonly<Partial<Record<ErrorCode, Wrong>>> = {
  INVALID_REQUEST: {
    before: '',
    code: 'UNKNOWN_FIELD',
    path: 'colour',
    message: 'There is no field colour in the query',
  },
  INVALID_SYSTEM: {
    before: ofFile,
    code: 'IMAGE_REQUIRED',
    path: 'services.web',
    message: '`web` has no image: add `image`, or `build`.',
    place: { file: 'compose.yaml', line: 2, column: 3 },
  },
  INVALID_ITEMS: {
    before: 'items[1]: ',
    code: 'VARIABLE_REQUIRED',
    path: 'items[1]',
    message: 'services.notebook.image: The variable `IMAGE` is required (is needed): give it a value.',
    place: { file: 'compose.yaml', line: 3, column: 12 },
  },
}

/** A PATCH sends no file: what it changes does not fit the rest of the one that is there. */
const ofPatch: Wrong = {
  before: ofFile,
  code: 'POD_DISAGREES',
  path: 'services.web.deploy.replicas',
  message: '`web` shares the pod of `db`, which has 1 copies: leave the number of `web` out.',
  place: { file: 'compose.yaml', line: 3, column: 3 },
}

function wrongOf(operation: string, code: ErrorCode): Wrong | undefined {
  const isPatch = operation === 'PATCH /v1/systems/{name}' && code === 'INVALID_SYSTEM'
  return isPatch ? ofPatch : withProblem[code]
}

function detailOf(code: ErrorCode, wrong: Wrong | undefined): string {
  return wrong ? `${wrong.before}${wrong.message}` : errorCodes[code].about
}

const requestId = '849b0c22-e5d2-4082-9fcf-6a0e5bf0801a'

/** As `application/problem+json`. */
export function problemExample(operation: string, schema: unknown): unknown {
  const code = firstCode(schema)
  if (!code) return undefined
  const { about, status } = errorCodes[code]
  const wrong = wrongOf(operation, code)
  return {
    type: `urn:tycho:error:${code}`,
    title: about,
    status,
    detail: detailOf(code, wrong),
    instance: pathOf(operation),
    code,
    requestId,
    problems: wrong ? [{ ...shown(wrong), severity: 'error', ...wrong.place }] : [],
  }
}

/** In the envelope of the original. */
export function envelopeExample(operation: string, status: string, schema: unknown): unknown {
  const code = firstCode(schema) ?? ofServer[status]
  if (!code) return failedExample(operation, status)
  const wrong = wrongOf(operation, code)
  return envelope(code, detailOf(code, wrong), wrong ? [shown(wrong)] : [])
}

/** What may be a failed job, and is a refusal here. */
const ofServer: Readonly<Record<string, ErrorCode>> = { 500: 'INTERNAL_ERROR', 503: 'REDIS_UNAVAILABLE' }

const ofJobs: Readonly<Record<string, { code: string; message: string }>> = {
  'POST /system/start 409': { code: 'CANCELED', message: 'Canceled' },
  'POST /system/delete 409': { code: 'SUPERSEDED', message: `Superseded by job ${job.id}` },
}

const tooLate = {
  code: 'DEADLINE_EXCEEDED',
  message: 'Not ready after 600 s (web: The image is being pulled)',
}

/** What the job of a start has to say of its file, however it ends. */
const remark = {
  code: 'RESTART_DEFAULT',
  path: 'services.web.restart',
  message: '`web` will be restarted when it ends: write `restart: "no"` for what runs once.',
}

/** How a job has ended, with its own code. */
function failedExample(operation: string, status: string): unknown {
  const { code, message } = ofJobs[`${operation} ${status}`] ?? tooLate
  const verb = operation.replace('POST /system/', '')
  return envelope(code, `Failed to ${verb} system notebook: ${message}`, verb === 'start' ? [remark] : [])
}

function envelope(code: string, error: string, problems: object[] = []) {
  return { status: 'error', result: { error, code, requestId, problems }, message: error }
}

/** Of those that the schema of a refusal allows. */
function firstCode(schema: unknown): ErrorCode | undefined {
  const [, code] = /"code":\{"enum":\["(\w+)"/.exec(JSON.stringify(schema)) ?? []
  return code as ErrorCode | undefined
}

function shown({ code, path, message }: Wrong) {
  return { code, path, message }
}

/** The path with ids in it, as a caller would have sent it. */
function pathOf(operation: string): string {
  const [, collection = ''] = /^\S+ \/v1\/(\w+)/.exec(operation) ?? []
  const id = {
    jobs: job.id,
    batches: batch.id,
    tokens: token.id,
    preparations: preparation.id,
    webhooks: webhook.id,
  }[collection]
  const deliveryId = operation.includes('/callbacks/') ? `${delivery.event.id}.callback` : delivery.id
  return operation
    .replace(/^\S+ /, '')
    .replace('{name}', 'hello')
    .replace('{id}', id ?? '')
    .replace('{deliveryId}', deliveryId)
}
