// How the command line ends: one number for each kind of ending, the same for every command.
import { NotTychoError, RefusedError, UnreachableError } from '../client/errors.ts'
import type { Job } from '../client/shapes.ts'

export const exitCodes = {
  done: 0,
  failed: 1,
  badInput: 2,
  unreachable: 3,
  timeout: 4,
  notAllowed: 5,
  notFound: 6,
  conflict: 7,
  canceled: 8,
  /** 128 and SIGINT's number, as shells have it. */
  interrupted: 130,
} as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** What a user can put right: bad usage or bad input. */
export class UsageError extends Error {}

/** The command's own patience is over; the system is not affected. */
export class PatienceError extends Error {}

/** Ctrl-C while waiting; the system is not affected. */
export class InterruptedError extends Error {}

/** A server that could not be started, for a reason that its user can do something about. */
export class StartError extends Error {}

/** Of a job, or of what ends as jobs do. */
export function exitCodeOfJob(job: Pick<Job, 'status' | 'error'>): ExitCode {
  if (!job.error) return exitCodes.done
  if (job.status === 'canceled') return exitCodes.canceled
  return job.error.code === 'DEADLINE_EXCEEDED' ? exitCodes.timeout : exitCodes.failed
}

export function exitCodeOfError(error: unknown): ExitCode {
  if (error instanceof UsageError) return exitCodes.badInput
  if (error instanceof UnreachableError || error instanceof NotTychoError) return exitCodes.unreachable
  if (error instanceof PatienceError) return exitCodes.timeout
  if (error instanceof InterruptedError) return exitCodes.interrupted
  if (error instanceof RefusedError) return exitCodeOfStatus(error.refusal.status)
  return exitCodes.failed
}

const byStatus: Record<number, ExitCode> = {
  401: exitCodes.notAllowed,
  403: exitCodes.notAllowed,
  404: exitCodes.notFound,
  409: exitCodes.conflict,
  429: exitCodes.unreachable,
  502: exitCodes.unreachable,
  503: exitCodes.unreachable,
  504: exitCodes.unreachable,
}

/** 429 and 503 say the same as no answer does: later. */
function exitCodeOfStatus(status: number): ExitCode {
  return byStatus[status] ?? (status < 500 ? exitCodes.badInput : exitCodes.failed)
}
