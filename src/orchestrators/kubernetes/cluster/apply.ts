// Applies one stage. Invariant kept by the compiler: the first manifest of the first stage is the system's owner, and
// all other objects are owned by it, so that nothing of an incarnation outlives its owner unnoticed.
import type { Applied, ApplyInput, Manifest } from '../../orchestrator.ts'
import { concurrently } from '../../shared/concurrently.ts'
import type { ClusterFacts } from '../facts.ts'
import { LABEL } from '../labels.ts'
import { mustBeSo } from './check-assumptions.ts'
import { type Desired, toDesired } from './desired.ts'
import { endRuns } from './end-runs.ts'
import { awaitsHost, toEndpoints } from './endpoints.ts'
import { type Addresses, createAddresses, withHostNames } from './host-names.ts'
import { type Owner, ownerOf, toOwner, withOwner } from './memo.ts'
import type { KubeObject } from './objects.ts'
import type { Resources } from './resources.ts'
import { isWorkload, toVersions } from './version.ts'
import { createObject, updateObject, type WriteScope, type Written } from './write.ts'
import { writeKept } from './write-kept.ts'

type Done = { manifest: Manifest; desired: Desired; written: Written }

type StageScope = WriteScope & { addresses: Addresses }

/** Writes of one stage that may be under way at once. */
const writesAtOnce = 8

/** `resourcesFor`: by what the stage is applied for, because starts go before updates. */
export function createApply(
  resourcesFor: (input: ApplyInput) => Resources,
  facts: (signal: AbortSignal) => Promise<ClusterFacts>,
) {
  /**
   * Writes the owner, then what workloads need, then the workloads; each write is fenced. Repeatable. Throws
   * TychoError; whatever was written until then is found by the next attempt.
   */
  return async function apply(input: ApplyInput, signal: AbortSignal): Promise<Applied> {
    const { identity, fence, stage } = input
    const resources = resourcesFor(input)
    await mustBeSo(resources, identity, stage, signal)
    const publishes = stage.manifests.some(({ body }) => body.kind === 'Service')
    // Read before anything is written, so that a cluster that can't tell leaves nothing half done.
    const nodeAddresses = publishes ? (await facts(signal)).nodeAddresses : []
    const writing: WriteScope = { resources, identity, fence, signal }
    const scope = { ...writing, addresses: createAddresses(writing) }
    const { done, memo } = await writeStage(input, scope)
    const ofKind = (kind: string) =>
      done.filter(({ desired }) => desired.target.kind.kind === kind).map(({ written }) => written.live)
    const ingresses = ofKind('Ingress')
    const ended = await endRuns(ofKind('CronJob'), writing)
    const changes = done.map(({ manifest, written }) => ({
      subject: manifest.subject,
      action: written.action,
    }))
    return {
      changes: [...changes, ...ended],
      problems: done.flatMap(({ written }) => written.remarks ?? []),
      endpoints: ofKind('Service').flatMap((service) => toEndpoints(service, nodeAddresses, ingresses)),
      awaitsHost: ofKind('Service').filter(awaitsHost).flatMap(serviceOf),
      versions: toVersions(done.map(({ manifest, written }) => ({ manifest, live: written.live }))),
      memo,
    }
  }
}

function serviceOf({ metadata }: KubeObject): string[] {
  const service = metadata.labels?.[LABEL.service]
  return service === undefined ? [] : [service]
}

async function writeStage(
  input: ApplyInput,
  scope: StageScope,
): Promise<{ done: Done[]; memo: Applied['memo'] }> {
  const { stage, memo, fence } = input
  const first = stage.manifests[0]
  const known = ownerOf(memo, fence.job)
  if (!first) return { done: [], memo }
  if (known && !isSameObject(first, known))
    return { done: await writeOwned(stage.manifests, known, input, scope), memo }
  const head = await writeOne(first, undefined, input, scope)
  const owner = toOwner(head.desired.apiVersion, head.desired.target.kind.kind, head.written.live)
  const owned = await writeOwned(stage.manifests.slice(1), owner, input, scope)
  return { done: [head, ...owned], memo: withOwner(memo, fence.job, owner) }
}

async function writeOwned(
  manifests: readonly Manifest[],
  owner: Owner,
  input: ApplyInput,
  scope: StageScope,
): Promise<Done[]> {
  const done: Done[] = []
  for (const wave of toWaves(manifests)) {
    done.push(
      ...(await concurrently(wave, writesAtOnce, (manifest) => writeOne(manifest, owner, input, scope))),
    )
  }
  return done
}

async function writeOne(
  manifest: Manifest,
  owner: Owner | undefined,
  { identity, fence, mode }: ApplyInput,
  scope: StageScope,
): Promise<Done> {
  const desired = await withHostNames(toDesired(manifest, identity, fence.job, owner), scope.addresses)
  const write =
    desired.target.kind.role === 'kept' ? writeKept : mode === 'create' ? createObject : updateObject
  return { manifest, desired, written: await write(desired, scope) }
}

/** What workloads refer to comes before them; within a wave nothing refers to anything. */
function toWaves(manifests: readonly Manifest[]): Manifest[][] {
  return [manifests.filter((manifest) => !isWorkload(manifest)), manifests.filter(isWorkload)]
}

function isSameObject({ body }: Manifest, owner: Owner): boolean {
  const metadata = body.metadata as { name?: unknown } | undefined
  return body.apiVersion === owner.apiVersion && body.kind === owner.kind && metadata?.name === owner.name
}
