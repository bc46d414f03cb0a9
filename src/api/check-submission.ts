// What a request asks to run, checked before anything is written: parsed, named and compiled on trial.

import { DEFAULT_LIMITS } from '../compose/limits.ts'
import type { RequestFiles } from '../compose/load/project-files.ts'
import { tellProblems } from '../compose/mask/mask-problems.ts'
import { parseCompose } from '../compose/parse.ts'
import type { Origin } from '../jobs/origin.ts'
import type { Compiled } from '../orchestrators/orchestrator.ts'
import { hasErrors, InvalidSystemError, type Positions, type Problem } from '../problem.ts'
import type { RequestKey } from '../store/request-keys.ts'
import type { Exposure } from '../system/endpoint.ts'
import { generateSystemName, toSystemName } from '../system/names.ts'
import type { SettingsByService } from '../system/service-settings.ts'
import type { SystemIdentity, SystemSpec } from '../system/spec.ts'
import type { Lifetime } from '../system/system.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { apiError } from './api-error.ts'
import { checkSettings } from './check-settings.ts'
import type { ApiContext } from './context.ts'
import { jsonText } from './json-text.ts'
import type { Read, Reading } from './readings.ts'

/** A start or an update, whatever endpoint it came by. */
export type Submission = {
  tenant: Tenant
  /** Null: the Compose file's name, else a generated one. */
  name: string | null
  /** Null: what the system was started from, which stays. */
  compose: unknown
  env: Record<string, string>
  /** What the Compose files may name besides each other: path -> content. */
  files: RequestFiles
  /** Null: those that the variable `COMPOSE_PROFILES` names. */
  profiles: string[] | null
  exposure: Exposure
  /** What is said of single services; left out: nothing. */
  settings?: SettingsByService | undefined
  labels: Record<string, string>
  principal: string | null
  lifetime: Lifetime | null
  timeoutMs: number
  maxAttempts: number
  keepOnFailure: boolean
  rollback: boolean
  /** A system that is suspended stays so; left out: it is to run. */
  suspended?: boolean
  /** The failed job that this tries again, and the key of the request as it may be shown. */
  retry?: { of: string; source: string | null }
  origin: Origin
  /** Read in turns with others of its kind. */
  isLong?: boolean
  /** Of the request, where it has an Idempotency-Key. */
  requestKey?: RequestKey | null
  /** Remarks about the request itself; they go on to the job. */
  remarks: Problem[]
}

export type Checked = {
  name: string
  spec: SystemSpec
  positions: Positions
  settings?: SettingsByService | undefined
  problems: Problem[]
  /** Where it comes from the files of this request; left out: from what is stored. */
  reading?: Reading
}

/**
 * Parses the Compose files and finds the system's name. Throws InvalidSystemError with every Problem, COMPOSE_TOO_LARGE
 * and FILES_TOO_LARGE (413).
 */
export function checkSubmission(context: ApiContext, submission: Submission): Checked {
  checkSizes(context, submission.compose, submission.files)
  const scope = [submission.tenant.name, submission.name === null]
  const reading = context.readings.of(scope, submission, () => read(context, submission))
  const { spec, positions, problems } = reading
  const name = submission.name ?? toSystemName(spec.name ?? '') ?? generateSystemName()
  const { settings } = submission
  checkSettings(settings ?? {}, spec)
  return { name, spec, positions, settings, problems: [...submission.remarks, ...problems], reading }
}

/** Throws InvalidSystemError with every Problem. */
function read(context: ApiContext, submission: Submission): Read {
  const { spec, positions, problems, dependsOnName } = parseCompose(
    {
      compose: submission.compose,
      env: submission.env,
      files: submission.files,
      checkExtension: context.checkExtension,
      ...(submission.profiles !== null && { profiles: submission.profiles }),
      ...(submission.name !== null && { systemName: submission.name }),
    },
    { ...DEFAULT_LIMITS, textBytes: context.composeLimitBytes, filesBytes: context.filesLimitBytes },
  )
  if (!spec || hasErrors(problems)) throw new InvalidSystemError(problems)
  return { spec, positions, problems, dependsOnName }
}

/** Throws COMPOSE_TOO_LARGE and FILES_TOO_LARGE (413). */
export function checkSizes(
  { composeLimitBytes, filesLimitBytes }: ApiContext,
  compose: unknown,
  files: RequestFiles,
): void {
  checkSize(compose, composeLimitBytes)
  checkFilesSize(files, filesLimitBytes)
}

/** Throws COMPOSE_TOO_LARGE (413). JSON counts as it would be written. */
function checkSize(compose: unknown, limitBytes: number): void {
  const files = Array.isArray(compose) ? compose : [compose]
  for (const file of files) {
    if (sizeOf(file) > limitBytes) throw composeTooLarge(limitBytes)
  }
}

function sizeOf(file: unknown): number {
  return Buffer.byteLength(typeof file === 'string' ? file : (jsonText(file ?? null) ?? ''))
}

/** Throws FILES_TOO_LARGE (413). Four digits of base64 are three bytes. */
function checkFilesSize(files: RequestFiles, limitBytes: number): void {
  const sizes = Object.values(files).map((file) =>
    typeof file === 'string' ? Buffer.byteLength(file) : Math.floor((file.base64.length * 3) / 4) - 2,
  )
  if (sizes.reduce((sum, size) => sum + size, 0) <= limitBytes) return
  throw apiError(
    'FILES_TOO_LARGE',
    `The files of a request may have ${limitBytes} bytes together; these have more`,
  )
}

export function composeTooLarge(limitBytes: number) {
  return apiError('COMPOSE_TOO_LARGE', `A Compose text may have ${limitBytes} bytes; this one is longer`)
}

/**
 * Compiles on trial: for the names that the system will hold, and for whoever only wants to read the manifests. `facts`
 * left out: those of a current cluster. Throws InvalidSystemError with every Problem.
 */
export function checkCompiles(
  context: ApiContext,
  checked: Checked,
  identity: SystemIdentity,
  exposure: Exposure,
  facts?: unknown,
): Compiled {
  const compiled = context.compile(
    { identity, spec: checked.spec, exposure, settings: checked.settings ?? {} },
    facts,
  )
  const problems = [...checked.problems, ...tellProblems(compiled.problems, checked)]
  if (hasErrors(problems)) throw new InvalidSystemError(problems)
  return {
    problems,
    objectNames: compiled.objectNames,
    get stages() {
      return compiled.stages
    },
  }
}
