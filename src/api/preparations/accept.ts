// Accepts the pulling of images beforehand: the request is checked as a launch would be, and of what it would start only
// the images are kept.
import { acceptPreparation, MAX_OPEN, MAX_PULLS, type PreparationRecord } from '../../jobs/preparation.ts'
import { traceField } from '../../jobs/trace-parent.ts'
import type { Compiled } from '../../orchestrators/orchestrator.ts'
import type { RequestKey } from '../../store/request-keys.ts'
import type { ImagePull } from '../../system/image-pull.ts'
import { namedSecrets, secretValuesOf } from '../../system/secret-values.ts'
import type { SystemSpec } from '../../system/spec.ts'
import type { Tenant } from '../../tenants/tenant.ts'
import { apiError } from '../api-error.ts'
import { checkBatch } from '../batches/check-batch.ts'
import type { ApiContext } from '../context.ts'
import { repeated } from '../idempotency.ts'
import type { BatchRequest } from '../schemas/batch.ts'

/** One of those that are under way may end soon. */
const retrySeconds = 10

/** Throws what `checkBatch` does, TOO_MANY_IMAGES (422), TOO_MANY_PREPARATIONS (429). */
export async function acceptImages(
  context: ApiContext,
  tenant: Tenant,
  asked: BatchRequest,
  requestKey: RequestKey | null,
): Promise<PreparationRecord> {
  const wanted = createCollection(context)
  const { draft } = await checkBatch(context, tenant, asked, wanted.add)
  const pulls = wanted.pulls()
  const record = acceptPreparation(
    {
      id: draft.id,
      tenant: tenant.name,
      namespace: tenant.namespace,
      pulls,
      secretValues: secretsIn(pulls, [...wanted.secrets(), ...givenSecrets(asked)]),
      timeoutMs: draft.member.timeoutMs,
      idempotencyKey: requestKey?.name ?? null,
      trace: context.tracing.current(),
    },
    Date.now(),
  )
  const added = await context.store.preparations.add(record, MAX_OPEN, requestKey)
  if (added === 'repeated') throw repeated()
  if (added === 'full') throw tooMany(tenant)
  await enqueue(context, record)
  return record
}

/** The images of all members; those that differ by nothing but their variables have the same. */
function createCollection({ pullsOf }: ApiContext) {
  const pulls = new Map<string, ImagePull>()
  const secrets = new Set<string>()
  return {
    add({ stages }: Compiled, spec: SystemSpec): void {
      for (const pull of pullsOf(stages)) pulls.set(JSON.stringify(pull), pull)
      if (pulls.size > MAX_PULLS) throw tooManyImages()
      for (const value of secretValuesOf(spec)) secrets.add(value)
    },
    /** In an order that does not depend on that of the items. */
    pulls: () => [...pulls].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, pull]) => pull),
    secrets: () => secrets,
  }
}

/** Values that are called like secrets by who sends them. */
function givenSecrets({ env = {}, items = [] }: BatchRequest): string[] {
  return [env, ...items.map((item) => item.env ?? {})].flatMap(namedSecrets)
}

/** An image's name may be put together of anything. */
function secretsIn(pulls: readonly ImagePull[], secrets: readonly string[]): string[] {
  return [...new Set(secrets)].filter((value) => pulls.some(({ image }) => image.includes(value)))
}

function tooManyImages() {
  const message = `The systems of this batch need more than ${MAX_PULLS} images: prepare them in parts`
  const problem = { code: 'TOO_MANY_IMAGES', severity: 'error', path: 'compose', message } as const
  return apiError('TOO_MANY_IMAGES', message, { problems: [problem] })
}

function tooMany({ name }: Tenant) {
  return apiError(
    'TOO_MANY_PREPARATIONS',
    `The tenant ${name} has ${MAX_OPEN} preparations under way: wait until one has ended, or cancel one`,
    { retryAfterSeconds: retrySeconds },
  )
}

/** Never throws: it is accepted, and a sweeper gives it its task when this could not. */
async function enqueue({ tasks, log }: ApiContext, record: PreparationRecord): Promise<void> {
  const { id, tenant, pulls, trace } = record
  const line = { preparation: id, tenant, images: pulls.length, ...traceField(trace) }
  try {
    await tasks.prepareImages(id)
    log.info(line, 'preparation accepted')
  } catch (error) {
    log.warn({ ...line, err: error }, 'accepted, but not in the queue yet')
  }
}
