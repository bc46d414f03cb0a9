// Lets a member of a batch in: its job and system are made, as an accepted request makes them.
import { parseMember, readTemplate } from '../../src/compose/members/batch-members.ts'
import type { MemberTemplate } from '../../src/compose/members/member-template.ts'
import { acceptStart, acceptUpdate, type StartRequest, type Work } from '../../src/jobs/accept.ts'
import { type Batch, type BatchTemplate, memberJobId, memberSid, namespaceOf } from '../../src/jobs/batch.ts'
import { finish, jobError } from '../../src/jobs/transitions.ts'
import { compiledAhead } from '../../src/jobs/work.ts'
import { hasErrors, InvalidSystemError, type Problem } from '../../src/problem.ts'
import type { StandingMember } from '../../src/store/batches.ts'
import { type Content, toContent } from '../../src/store/contents.ts'
import { originOf, waitingWork } from '../../src/store/member-jobs.ts'
import { maskWhole } from '../../src/system/mask-values.ts'
import { createMasker, isSecretName, namedSecrets } from '../../src/system/secret-values.ts'
import { isEnded, type SystemRecord, toLifetime } from '../../src/system/system.ts'
import { compileWork } from '../compile-work.ts'
import type { StoredSpec } from '../content.ts'
import type { WorkerContext } from '../context.ts'

/** How often a member is decided anew because its system changed meanwhile. */
const attempts = 5

/** Templates that were read, by their store key; the newest few. */
export type Templates = Map<string, MemberTemplate>

/** `facts`: of the cluster; null: it can't be asked now, and each member is compiled by a task that waits for it. */
export type LettingIn = { templates: Templates; facts: unknown }

const maxTemplates = 32

/** Answers whether it was let in. One that can't be ends as failed; one that changed meanwhile has another turn. */
export async function letIn(
  context: WorkerContext,
  { templates, facts }: LettingIn,
  batch: Batch,
  member: StandingMember,
): Promise<boolean> {
  const { store, tasks, log } = context
  const template = await templateOf(context, templates, batch)
  if (!template) return end(context, batch, member, lost(batch))
  for (let attempt = 0; attempt < attempts; attempt++) {
    const decided = await decide(context, batch, member, template)
    if (decided.outcome === 'refused') return end(context, batch, member, decided)
    const { work, before, contents } = compileAhead(context, decided, facts)
    const isReserved = member.state.job === memberJobId(batch.id, member.index)
    const letsIn = { batch: batch.id, index: member.index, isReserved }
    const accepted = await store.works.accept({ work, before, superseded: null, contents, letsIn })
    if (accepted.outcome === 'accepted') {
      await tasks.enqueue(accepted.work.job)
      const { id: job, system } = accepted.work.job
      log.debug({ batch: batch.id, job, system: system.name }, 'a member of a batch is let in')
      return true
    }
    if (accepted.outcome === 'taken') {
      const message = `The object name ${accepted.objectName} is held by another system meanwhile`
      return end(context, batch, member, { code: 'NAME_TAKEN', message })
    }
  }
  return false
}

type Refusal = { code: string; message: string; problems?: Problem[] }

type Entry = { work: Work; before: SystemRecord | null; stored: StoredSpec; contents: Content[] }

type Decision = ({ outcome: 'refused' } & Refusal) | ({ outcome: 'letIn' } & Entry)

/** At once, while the template is at hand, which saves a task; what is wrong with it there is for the task to tell. */
function compileAhead({ orchestrator }: WorkerContext, entry: Entry, facts: unknown): Entry {
  if (facts === null) return entry
  try {
    const { content, ...result } = compileWork(orchestrator, entry.work, entry.stored, facts)
    const manifests = toContent(content)
    const work = compiledAhead(entry.work, { ...result, manifests: manifests.hash }, Date.now())
    return { ...entry, work, contents: [...entry.contents, manifests] }
  } catch (error) {
    if (error instanceof InvalidSystemError) return entry
    throw error
  }
}

async function decide(
  { store }: WorkerContext,
  batch: Batch,
  member: StandingMember,
  template: MemberTemplate,
): Promise<Decision> {
  const { spec, positions, problems } = parseMember(template, batch, member)
  if (!spec || hasErrors(problems)) {
    const [first] = problems
    return {
      outcome: 'refused',
      code: 'INVALID_SYSTEM',
      message: first?.message ?? 'It can not be read',
      problems,
    }
  }
  const before = await store.works.system(batch.tenant, member.name)
  const isFirst = member.state.job === memberJobId(batch.id, member.index)
  const retryOf = isFirst ? null : ((await store.works.readWaiting(member.state.job))?.job.retryOf ?? null)
  const { settings } = batch.member
  const stored = { spec, positions, ...(Object.keys(settings).length > 0 && { settings }) }
  const content = toContent(stored)
  const source = toContent({ template: batch.source, env: maskedEnv(member.env) })
  const request = toRequest(batch, member, {
    spec,
    problems,
    specKey: content.hash,
    source: source.hash,
    retryOf,
  })
  const contents = [content, source]
  const now = Date.now()
  if (!before || isEnded(before))
    return { outcome: 'letIn', work: acceptStart(request, now), before, stored, contents }
  if (before.job === retryOf)
    return { outcome: 'letIn', work: acceptUpdate(before, request, now), before, stored, contents }
  const message = `System ${member.name} has been changed since by job ${before.job}`
  return { outcome: 'refused', code: 'NOT_RETRYABLE', message }
}

function toRequest(
  batch: Batch,
  member: StandingMember,
  made: Pick<StartRequest, 'spec' | 'problems' | 'specKey' | 'source'> & { retryOf: string | null },
): StartRequest {
  const { retryOf, ...rest } = made
  const { exposure, labels, ttlMs, timeoutMs, maxAttempts, keepOnFailure } = batch.member
  const { tenant } = batch
  const namespace = namespaceOf(batch, member.index)
  return {
    ...rest,
    job: member.state.job,
    identity: { tenant, namespace, name: member.name, sid: memberSid(member.state.job) },
    exposure,
    objectNames: member.objectNames,
    labels: { ...labels, ...member.labels },
    principal: null,
    lifetime: toLifetime(ttlMs, Date.now()),
    timeoutMs,
    maxAttempts,
    keepOnFailure,
    rollback: false,
    ...(retryOf !== null && { retryOf }),
    origin: originOf(batch, member),
  }
}

/** A variable that is called like a secret is shown to nobody. */
function maskedEnv(env: Record<string, string>): Record<string, string> {
  const mask = createMasker(namedSecrets(env))
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, isSecretName(name) ? maskWhole(value) : mask(value)]),
  )
}

async function templateOf(
  { store, orchestrator }: WorkerContext,
  templates: Templates,
  batch: Batch,
): Promise<MemberTemplate | null> {
  const known = templates.get(batch.template)
  if (known) return known
  const stored = await store.contents.get<BatchTemplate>(batch.template)
  if (!stored) return null
  if (templates.size >= maxTemplates) templates.clear()
  const template = readTemplate(stored, orchestrator.checkExtension)
  templates.set(batch.template, template)
  return template
}

function lost({ name }: Batch): Refusal {
  return { code: 'CONTENT_LOST', message: `What batch ${name} was to run is no longer stored; send it again` }
}

/** Its job is made all the same, and has failed. */
async function end(
  { store, log }: WorkerContext,
  batch: Batch,
  member: StandingMember,
  { code, message, problems }: Refusal,
): Promise<boolean> {
  const waiting = await store.works.readWaiting(member.state.job)
  const { job, system } = waitingWork(batch, member, member.state.job, waiting?.job.retryOf ?? null)
  const error = jobError(code, message, problems ? { details: { problems } } : {})
  const failed = { ...finish(job, 'failed', Date.now()), error, message }
  log.warn({ batch: batch.id, job: job.id, system: member.name, code }, message)
  return store.batches.endWaiting(batch, member, { job: failed, system })
}
