// What a system was started from, and what was applied of it: read back, with secrets masked.
import type { SentRequest } from '../compose/mask/mask-request.ts'
import type { Stage } from '../orchestrators/orchestrator.ts'
import { secretValuesOf } from '../system/secret-values.ts'
import type { SystemSpec } from '../system/spec.ts'
import type { SystemRecord } from '../system/system.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { apiError } from './api-error.ts'
import type { ApiContext } from './context.ts'
import { noSystem } from './no-system.ts'
import type { SentCompose } from './schemas/system-sources.ts'

/** As the last start or PUT sent it; it was masked before it was stored. Throws SYSTEM_NOT_FOUND, COMPOSE_NOT_KEPT (404). */
export async function readSource(context: ApiContext, tenant: Tenant, name: string): Promise<SentCompose> {
  const { source } = await readSystem(context, tenant, name)
  const sent = source === null ? null : await readSent(context, source)
  if (!sent) {
    const message = `What system ${name} was started from is not kept any more; the next PUT brings it`
    throw apiError('COMPOSE_NOT_KEPT', message)
  }
  const { compose, env, files, profiles } = sent
  return { compose, env, files: { ...files }, ...(profiles && { profiles: [...profiles] }) }
}

/** Of a member of a batch only its own variables are kept, beside the template that it shares with the others. */
type SentMember = { template: string; env: Record<string, string> }

async function readSent({ store }: ApiContext, key: string): Promise<SentRequest | null> {
  const sent = await store.contents.get<SentRequest | SentMember>(key)
  if (!sent || !('template' in sent)) return sent
  const template = await store.contents.get<SentRequest>(sent.template)
  return template && { ...template, env: { ...template.env, ...sent.env } }
}

/** Throws SYSTEM_NOT_FOUND and NOTHING_APPLIED (404). */
export async function readApplied(context: ApiContext, tenant: Tenant, name: string): Promise<Stage[]> {
  const { applied } = await readSystem(context, tenant, name)
  const { contents } = context.store
  const stored = applied && (await contents.get<{ stages: Stage[] }>(applied.manifests))
  const from = applied && (await contents.get<{ spec: SystemSpec }>(applied.spec))
  // Without the spec nobody knows what must not be shown.
  if (!stored || !from) {
    throw apiError('NOTHING_APPLIED', `Nothing of system ${name} was applied yet, or it is kept no longer`)
  }
  return context.maskStages(stored.stages, secretValuesOf(from.spec))
}

async function readSystem(context: ApiContext, tenant: Tenant, name: string): Promise<SystemRecord> {
  const record = await context.store.works.system(tenant.name, name)
  if (!record) throw await noSystem(context, tenant.name, name)
  return record
}
