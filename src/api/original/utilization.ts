// What the containers of a system may use, as the original told it: the limits of each, in Kubernetes' words.
import type { Stage } from '../../orchestrators/orchestrator.ts'
import type { SystemRecord } from '../../system/system.ts'
import type { ApiContext } from '../context.ts'

/** By the name of the container; null: it has no limits. */
export type Utilization = Record<string, Record<string, string> | null>

/** Empty where nothing was applied yet, or what was is kept no longer. */
export async function readUtilization({ store }: ApiContext, system: SystemRecord): Promise<Utilization> {
  const applied = system.applied && (await store.contents.get<{ stages: Stage[] }>(system.applied.manifests))
  const bodies = (applied?.stages ?? []).flatMap(({ manifests }) => manifests.map(({ body }) => body))
  return Object.fromEntries(
    bodies.flatMap(containersOf).map(({ name, resources }) => [name, resources?.limits ?? null]),
  )
}

type Container = { name: string; resources?: { limits?: Record<string, string> } }
type Template = { spec: { containers: Container[] } }

/** Of the pod template of a workload; a CronJob has it in the template of its Jobs. */
function containersOf({ spec }: Record<string, unknown>): Container[] {
  const { template, jobTemplate } = (spec ?? {}) as {
    template?: Template
    jobTemplate?: { spec: { template: Template } }
  }
  return (template ?? jobTemplate?.spec.template)?.spec.containers ?? []
}
