// Which refusals a route can answer, said by their codes. What follows from the route itself (its method, its path, its
// headers) it need not say: `document/every-route.ts` adds that, and writes the answers.
import { type ErrorCode, errorCodes } from '../error-codes.ts'

/** Stands in the place of an answer. The first code is the one that the example shows, unless one of all routes is. */
export type Refused = { refused: readonly ErrorCode[] }

/** Status -> its codes, in the order given. */
export function refusals(...codes: ErrorCode[]): Record<number, Refused> {
  const statuses = new Set(codes.map((code) => errorCodes[code].status))
  return Object.fromEntries(
    [...statuses].map((status) => [
      status,
      { refused: codes.filter((code) => errorCodes[code].status === status) },
    ]),
  )
}

export function isRefused(answer: unknown): answer is Refused {
  return typeof answer === 'object' && answer !== null && 'refused' in answer
}

/** Of what makes another job of a system that is there. */
export const ofNewJob = ['JOB_LIMIT', 'QUEUE_FULL', 'CONTENDED'] as const satisfies ErrorCode[]

/** Of what may make another system. */
export const ofNewSystem = ['SYSTEM_LIMIT', ...ofNewJob] as const satisfies ErrorCode[]

/** Of what reads the cluster for the answer. */
export const ofCluster = [
  'NO_CLUSTER',
  'KUBECONFIG_INVALID',
  'CLUSTER_CREDENTIALS',
  'CLUSTER_UNREACHABLE',
  'CLUSTER_TIMEOUT',
  'CLUSTER_CONNECTION_LOST',
  'CLUSTER_BUSY',
  'CLUSTER_REFUSED',
] as const satisfies ErrorCode[]
