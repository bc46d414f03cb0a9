// Compiles a request for whoever wants to read the manifests. Nothing is stored or run.
import { tellProblems } from '../compose/mask/mask-problems.ts'
import type { Stage } from '../orchestrators/orchestrator.ts'
import { printDocuments } from '../orchestrators/print.ts'
import type { Problem } from '../problem.ts'
import type { SystemIdentity } from '../system/spec.ts'
import { identityOf, isEnded } from '../system/system.ts'
import { type Checked, checkCompiles, checkSubmission, type Submission } from './check-submission.ts'
import type { ApiContext } from './context.ts'

export type CompileOutcome = { stages: Stage[]; problems: Problem[] }

/** Stands in the place of the incarnation where no system of the name runs. */
const noSid = '0'.repeat(32)

/** Throws InvalidSystemError with every Problem. A signal makes it ask the cluster too, which throws UnavailableError. */
export async function compileRequest(
  context: ApiContext,
  submission: Submission,
  asking: AbortSignal | null,
): Promise<CompileOutcome> {
  if (submission.isLong) await context.takeTurn()
  const checked = checkSubmission(context, submission)
  const identity = await identityFor(context, submission, checked)
  if (!asking) return checkCompiles(context, checked, identity, submission.exposure)
  const facts = await context.reading.facts(asking)
  const { stages, problems } = checkCompiles(context, checked, identity, submission.exposure, facts)
  const refusals = await context.reading.dryRun(identity, stages, asking)
  return { stages, problems: [...problems, ...tellProblems(refusals, checked)] }
}

/** That of the running system of this name, so that what is shown is what an update would apply. */
async function identityFor(
  context: ApiContext,
  { tenant }: Submission,
  { name }: Checked,
): Promise<SystemIdentity> {
  const system = await context.store.works.system(tenant.name, name)
  if (system && !isEnded(system)) return identityOf(system)
  return { tenant: tenant.name, namespace: tenant.namespace, name, sid: noSid }
}

/** One file of many documents, with the problems as comments at its head. */
export function toYamlFile({ stages, problems }: CompileOutcome): string {
  const remarks = problems.map(
    ({ severity, code, path, message }) =>
      `# ${severity} ${code} ${path}: ${message.replace(/[\r\n\u2028\u2029\u0085]+/g, ' ')}\n`,
  )
  return remarks.join('') + printDocuments(stages)
}
