// Asks the API server what it would say of a system's objects: admission, quotas, defaults and all, and nothing written.
// https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run
import { hasErrors, type Problem, TychoError } from '../../../problem.ts'
import type { SystemIdentity } from '../../../system/spec.ts'
import type { Manifest, Stage } from '../../orchestrator.ts'
import { concurrently } from '../../shared/concurrently.ts'
import { codes } from './api-error.ts'
import { notSo } from './check-assumptions.ts'
import { decide } from './decide.ts'
import { type Desired, toDesired } from './desired.ts'
import type { KubeObject } from './objects.ts'
import { notOurs } from './ownership.ts'
import type { Resources } from './resources.ts'

const requestsAtOnce = 8

/** No job has this name: nothing on the cluster is taken for written by a dry run. */
const job = 'dry-run'

/**
 * What the cluster refuses, each at the Compose path that it came from; nothing where all is accepted. Throws TychoError
 * where there is no verdict: no cluster, no credentials, a server in trouble.
 */
export async function dryRunStages(
  resources: Resources,
  identity: SystemIdentity,
  stages: readonly Stage[],
  signal: AbortSignal,
): Promise<Problem[]> {
  const manifests = stages.flatMap((stage) => stage.manifests)
  const verdicts = await concurrently(manifests, requestsAtOnce, (manifest) =>
    verdictOn(manifest, identity, resources, signal),
  )
  return [...(await notSo(resources, identity, stages, signal)), ...verdicts.flat()]
}

async function verdictOn(
  manifest: Manifest,
  identity: SystemIdentity,
  resources: Resources,
  signal: AbortSignal,
): Promise<Problem[]> {
  try {
    const desired = toDesired(manifest, identity, job, undefined)
    const live = await resources.read(desired.target, signal)
    if (decide(desired, live, identity.sid, job) === 'refuse' && live) throw notOurs(desired, live)
    await resources.dryRun(...asWritten(desired, live, identity.sid), signal)
    return []
  } catch (error) {
    if (!isVerdict(error)) throw error
    const { code, message, problems } = error
    return hasErrors(problems) ? problems : [{ code, severity: 'error', path: manifest.path, message }]
  }
}

/** What would be made anew is asked for under another name: the server compares nothing that is to go. */
function asWritten(
  desired: Desired,
  live: KubeObject | undefined,
  sid: string,
): [Desired['target'], Desired['body']] {
  const { target, body } = desired
  if (decide(desired, live, sid, job) !== 'recreate') return [target, body]
  const name = `${target.name.slice(0, 50).replace(/-+$/, '')}-anew`
  return [
    { ...target, name },
    { ...body, metadata: { ...body.metadata, name } },
  ]
}

/** A refusal of this object, a full quota too; what a later request may hear otherwise for no reason of its own is none. */
function isVerdict(error: unknown): error is TychoError {
  if (!(error instanceof TychoError)) return false
  const { statusCode } = error.details
  if (typeof statusCode !== 'number' || error.code === codes.invalid) return error.remedy === 'giveUp'
  return statusCode < 500 && ![401, 408, 429].includes(statusCode)
}
