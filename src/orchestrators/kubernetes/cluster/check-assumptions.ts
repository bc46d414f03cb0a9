// Whether what a stage counts on is so: read before anything of the stage is written.
import { type Problem, TychoError } from '../../../problem.ts'
import type { SystemIdentity } from '../../../system/spec.ts'
import type { Assumption, Stage } from '../../orchestrator.ts'
import { concurrently } from '../../shared/concurrently.ts'
import { LABEL } from '../labels.ts'
import { kindOf } from './kinds.ts'
import type { KubeObject } from './objects.ts'
import type { Resources } from './resources.ts'

const readsAtOnce = 8

/** Throws with the code of the first Problem, and all of them. Costs a read for each assumption, and most stages have none. */
export async function mustBeSo(
  resources: Resources,
  identity: SystemIdentity,
  stage: Stage,
  signal: AbortSignal,
): Promise<void> {
  const problems = await notSo(resources, identity, [stage], signal)
  const [first] = problems
  if (!first) return
  const message = problems.map((problem) => problem.message).join(' ')
  throw new TychoError(first.code, message, { status: 422, problems })
}

/** The Problems of those assumptions that are not so. */
export async function notSo(
  resources: Resources,
  identity: SystemIdentity,
  stages: readonly Stage[],
  signal: AbortSignal,
): Promise<Problem[]> {
  const assumptions = stages.flatMap(({ assumes = [] }) => assumes)
  const verdicts = await concurrently(assumptions, readsAtOnce, async (assumption) => {
    const live = await find(resources, identity, assumption, signal)
    return isSo(assumption, live, identity) ? [] : [assumption.problem]
  })
  return verdicts.flat()
}

function find(
  resources: Resources,
  { namespace }: SystemIdentity,
  { object, problem }: Assumption,
  signal: AbortSignal,
): Promise<KubeObject | undefined> {
  const kind = kindOf(object.apiVersion, object.kind)
  if (!kind) throw new TychoError('INTERNAL_ERROR', `${object.kind} is no kind that this engine reads`)
  return resources.read({ kind, namespace, name: object.name, composePath: problem.path }, signal)
}

function isSo({ is, object }: Assumption, live: KubeObject | undefined, identity: SystemIdentity): boolean {
  if (is === 'absent') return live === undefined || isOwn(live, identity)
  return live !== undefined && (object.key === undefined || holds(live, object.key))
}

/** Of a ConfigMap or a Secret. */
function holds({ data, binaryData }: KubeObject, key: string): boolean {
  return Object.hasOwn(data ?? {}, key) || Object.hasOwn(binaryData ?? {}, key)
}

function isOwn({ metadata }: KubeObject, { sid }: SystemIdentity): boolean {
  return metadata.labels?.[LABEL.sid] === sid
}
