// What the API server refused, as one TychoError: the only place that decides what a task does about it.
import { type ErrorOptions, type Problem, TychoError } from '../../../problem.ts'
import type { KubeStatus } from './objects.ts'
import { toSentence } from './server-sentence.ts'

/** What was asked: a subject (`Deployment/web`), where it came from in the Compose file, and in which namespace. */
export type RequestContext = { subject: string; composePath?: string; namespace?: string | null }

export type Refusal = { statusCode: number; status: KubeStatus; retryAfterSeconds: number | undefined }

/** Codes that callers act on; the others are for people. */
export const codes = {
  exists: 'OBJECT_EXISTS',
  notFound: 'OBJECT_NOT_FOUND',
  conflict: 'OBJECT_CONFLICT',
  expired: 'RESOURCE_EXPIRED',
  forbidden: 'FORBIDDEN',
  unauthorized: 'CLUSTER_UNAUTHORIZED',
  invalid: 'OBJECT_INVALID',
} as const

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof TychoError && error.code === code
}

type Rule = {
  when: (statusCode: number, status: KubeStatus) => boolean
  code: string
  options: ErrorOptions
  sentence: (refusal: Refusal, context: RequestContext) => string
}

const says = (status: KubeStatus, pattern: RegExp) => pattern.test(status.message ?? '')

/** First match wins. Meanings: Kubernetes API conventions, "Response Status Kind". */
const rules: readonly Rule[] = [
  {
    when: (code) => code === 401,
    code: codes.unauthorized,
    options: { status: 503, remedy: 'wait' },
    sentence: () => 'The cluster does not accept the credentials of the kubeconfig',
  },
  {
    when: (code, status) => code === 403 && says(status, /exceeded quota/),
    code: 'QUOTA_EXCEEDED',
    options: { status: 503, remedy: 'wait' },
    sentence: (refusal, context) => `${context.subject} has to wait for room: ${toSentence(refusal.status)}`,
  },
  {
    when: (_code, status) => says(status, /because it is being terminated/),
    code: 'NAMESPACE_TERMINATING',
    options: { status: 409 },
    sentence: (_refusal, context) => `The namespace ${context.namespace ?? ''} is being deleted`,
  },
  {
    when: (_code, status) => says(status, /denied the request|violates PodSecurity/),
    code: 'ADMISSION_REFUSED',
    options: { status: 422 },
    sentence: refusedSentence,
  },
  {
    // Before 1.21 a field that an apply names and the schema does not is answered 500.
    when: (_code, status) => says(status, /^failed to create typed patch object/),
    code: codes.invalid,
    options: { status: 422 },
    sentence: refusedSentence,
  },
  {
    when: (code) => code === 403,
    code: codes.forbidden,
    options: { status: 403 },
    sentence: refusedSentence,
  },
  {
    when: (code, status) =>
      code === 404 && (status.details?.kind === 'namespaces' || says(status, /^namespaces ".*" not found/)),
    code: 'NAMESPACE_NOT_FOUND',
    options: { status: 422 },
    sentence: (_refusal, context) =>
      `The namespace ${context.namespace ?? ''} does not exist: create it (kubectl create namespace ${context.namespace ?? 'NAME'}), or name another one`,
  },
  {
    when: (code) => code === 404,
    code: codes.notFound,
    options: { status: 404 },
    sentence: (_refusal, context) => `${context.subject} does not exist`,
  },
  {
    when: (code, status) => code === 409 && status.reason === 'AlreadyExists',
    code: codes.exists,
    options: { status: 409 },
    sentence: (_refusal, context) => `${context.subject} exists already`,
  },
  {
    // The quota counted others at the same time: whoever comes again finds it counted.
    when: (code, status) => code === 409 && status.details?.kind === 'resourcequotas',
    code: 'QUOTA_CONTENDED',
    options: { status: 503, remedy: 'wait' },
    sentence: (refusal, context) =>
      `${context.subject} was counted at the same time as others: ${toSentence(refusal.status)}`,
  },
  {
    when: (code) => code === 409,
    code: codes.conflict,
    options: { status: 503, remedy: 'retry' },
    sentence: (refusal, context) =>
      `${context.subject} was changed at the same time: ${toSentence(refusal.status)}`,
  },
  {
    when: (code, status) => code === 410 || status.reason === 'Expired',
    code: codes.expired,
    options: { status: 503, remedy: 'retry' },
    sentence: () => 'The cluster has forgotten this version of the list',
  },
  {
    when: (code, status) => code === 500 && says(status, /failed to allocate a nodePort/),
    code: 'NODE_PORTS_EXHAUSTED',
    options: { status: 503 },
    sentence: () => 'The cluster has no free node port left',
  },
  {
    when: (code, status) => code === 422 && says(status, /nodePort.*provided port is already allocated/),
    code: 'NODE_PORT_TAKEN',
    options: { status: 409 },
    sentence: (refusal) => `The node port is taken by another: ${toSentence(refusal.status)}`,
  },
  {
    when: (code, status) => code === 422 && says(status, /nodePort.*provided port is not in the valid range/),
    code: 'NODE_PORT_OUT_OF_RANGE',
    options: { status: 422 },
    sentence: (refusal) => `The cluster has no such node port: ${toSentence(refusal.status)}`,
  },
  {
    when: (code) => code === 408 || code === 429 || code >= 500,
    code: 'CLUSTER_BUSY',
    options: { status: 503, remedy: 'retry' },
    sentence: (refusal, context) =>
      `The cluster could not answer (${refusal.statusCode}) for ${context.subject}: ${toSentence(refusal.status)}`,
  },
  {
    when: (code) => code === 400 || code === 422 || code === 413,
    code: codes.invalid,
    options: { status: 422 },
    sentence: refusedSentence,
  },
]

/** Turns a refusal into an error with a code and a remedy. Its message holds the server's sentence, never the request. */
export function toClusterError(refusal: Refusal, context: RequestContext): TychoError {
  const rule = rules.find((candidate) => candidate.when(refusal.statusCode, refusal.status))
  const code = rule?.code ?? 'CLUSTER_REFUSED'
  const message = rule?.sentence(refusal, context) ?? refusedSentence(refusal, context)
  const isFinal = (rule?.options.remedy ?? 'giveUp') === 'giveUp'
  const problems: Problem[] =
    isFinal && context.composePath !== undefined
      ? [{ code, severity: 'error', path: context.composePath, message }]
      : []
  return new TychoError(code, message, {
    ...rule?.options,
    ...(refusal.retryAfterSeconds !== undefined && { retryAfterSeconds: refusal.retryAfterSeconds }),
    problems,
    details: detailsOf(refusal, context),
  })
}

function detailsOf(refusal: Refusal, context: RequestContext): Record<string, unknown> {
  return {
    subject: context.subject,
    statusCode: refusal.statusCode,
    ...(refusal.status.reason && { reason: refusal.status.reason }),
    ...(refusal.retryAfterSeconds !== undefined && { retryAfterSeconds: refusal.retryAfterSeconds }),
  }
}

function refusedSentence(refusal: Refusal, context: RequestContext): string {
  return `The cluster refuses ${context.subject}: ${toSentence(refusal.status)}`
}
