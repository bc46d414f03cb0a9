// One step of pulling images beforehand: what is missing of its DaemonSets is made, and their pods are read. Nothing is
// remembered from one step to the next, so that any worker can take any of them.
import { TychoError } from '../../../problem.ts'
import type { Reason } from '../../../system/readiness.ts'
import type { PreparationInput, Prepared } from '../../orchestrator.ts'
import { concurrently } from '../../shared/concurrently.ts'
import { toReason } from '../../shared/diagnosis.ts'
import { LABEL } from '../labels.ts'
import { codes, hasCode } from './api-error.ts'
import { diagnoseCreation } from './diagnose-creation.ts'
import { kindNamed } from './kinds.ts'
import type { KubeObject } from './objects.ts'
import { podSelectorOf, preparationSelectorOf, toDaemonSets } from './prepare-objects.ts'
import {
  isSilent,
  joinReports,
  type PodReport,
  type PullWords,
  pullKey,
  toPodReport,
} from './prepare-report.ts'
import type { Resources, Target } from './resources.ts'
import { events, type SeenEvent, toSeenEvent } from './seen-event.ts'

const writesAtOnce = 8

/** See the port. Throws `OBJECT_NOT_OURS` where a stranger has the name of one of its DaemonSets. */
export async function prepare(
  resources: Resources,
  input: PreparationInput,
  signal: AbortSignal,
): Promise<Prepared> {
  const daemonSets = await makeDaemonSets(resources, input, signal)
  const reading = { resources, input, words: createPullWords(resources, input.namespace, signal), signal }
  const parts: Part[] = []
  // One after the other: of many pods on many nodes only what they say is kept.
  for (const daemonSet of daemonSets) parts.push(await readPart(daemonSet, reading))
  const nodes = joinReports(parts.flatMap(({ reports }) => reports))
  const isWhole = parts.every(({ wanted, reports }) => wanted !== null && reports.length >= wanted)
  if (!isWhole) {
    const trouble = await findTrouble(resources, daemonSets, input.namespace, signal)
    return { nodes, isSettled: trouble?.isFinal ?? false, trouble: trouble?.reason ?? null }
  }
  const nowhere = parts.filter(({ wanted }) => wanted === 0).flatMap(({ images }) => images)
  return {
    nodes,
    isSettled: parts.every(({ reports }) => reports.every(({ isSettled }) => isSettled)),
    trouble: nowhere.length > 0 ? noNodes(nowhere) : null,
  }
}

/** What one DaemonSet has come to. `wanted`: on how many nodes; null: its controller has not counted them yet. */
type Part = { images: string[]; wanted: number | null; reports: PodReport[] }

type PartReading = {
  resources: Resources
  input: PreparationInput
  words: () => Promise<PullWords>
  signal: AbortSignal
}

async function readPart(
  daemonSet: KubeObject,
  { resources, input, words, signal }: PartReading,
): Promise<Part> {
  const { namespace, pulls, before } = input
  const selector = podSelectorOf(daemonSet.metadata.name)
  const items = await resources.list({ kind: kindNamed('Pod'), namespace, selector }, signal)
  const pods = items.filter(({ metadata }) => !metadata.deletionTimestamp)
  const told = pods.some(isSilent) ? await words() : NO_WORDS
  const reports = pods.map((pod) => toPodReport(pod, { pulls, before, words: told, now: Date.now() }))
  return { images: imagesOf(daemonSet), wanted: toWanted(daemonSet), reports }
}

function imagesOf({ spec }: KubeObject): string[] {
  const { template } = (spec ?? {}) as { template?: { spec?: { containers?: { image?: string }[] } } }
  return (template?.spec?.containers ?? []).flatMap(({ image }) => image ?? [])
}

function noNodes(images: readonly string[]): Reason {
  const which = [...new Set(images)].join(', ')
  return toReason(
    'NO_NODES',
    `No node takes the pods that need ${which}: the cluster has none, or none that their placement and tolerations allow`,
  )
}

async function makeDaemonSets(
  resources: Resources,
  input: PreparationInput,
  signal: AbortSignal,
): Promise<KubeObject[]> {
  const kind = kindNamed('DaemonSet')
  const selector = preparationSelectorOf(input.id)
  const items = await resources.list({ kind, namespace: input.namespace, selector }, signal)
  const known = new Map(items.map((item) => [item.metadata.name, item]))
  return concurrently(toDaemonSets(input), writesAtOnce, async (wanted) => {
    const name = wanted.metadata?.name ?? ''
    const there = known.get(name)
    if (there) return there
    await input.check()
    const target = { kind, namespace: input.namespace, name }
    try {
      return await resources.create(target, wanted, signal)
    } catch (error) {
      if (!hasCode(error, codes.exists)) throw error
      return mustBeOurs(await resources.read(target, signal), input.id, target)
    }
  })
}

/** Made by this very preparation, since it was looked for. */
function mustBeOurs(found: KubeObject | undefined, id: string, target: Target): KubeObject {
  if (found?.metadata.labels?.[LABEL.preparation] === id) return found
  const message = `DaemonSet/${target.name} in the namespace ${target.namespace} is not Tycho's`
  throw new TychoError('OBJECT_NOT_OURS', message, { status: 409 })
}

function toWanted({ metadata, status = {} }: KubeObject): number | null {
  const { observedGeneration, desiredNumberScheduled } = status as Record<string, number | undefined>
  return (observedGeneration ?? 0) < (metadata.generation ?? 1) ? null : (desiredNumberScheduled ?? null)
}

type Trouble = { isFinal: boolean; reason: Reason }

/** Only events tell why a DaemonSet has no pods. */
async function findTrouble(
  resources: Resources,
  daemonSets: readonly KubeObject[],
  namespace: string,
  signal: AbortSignal,
): Promise<Trouble | undefined> {
  const own = new Set(daemonSets.map(({ metadata }) => metadata.uid))
  const told = await readEvents(resources, namespace, 'FailedCreate', signal)
  const about = told.filter(({ of }) => own.has(of)).at(-1)
  return about && diagnoseCreation(about.message)
}

const PULL_FAILED = /^Failed to pull image "[^"]*": /

const NO_WORDS: PullWords = new Map()

/** The last words on each container's pull; read once, when somebody asks. */
function createPullWords(
  resources: Resources,
  namespace: string,
  signal: AbortSignal,
): () => Promise<PullWords> {
  let reading: Promise<PullWords> | undefined
  const read = async () => {
    const told = await readEvents(resources, namespace, 'Failed', signal)
    const failures = told.filter(({ message }) => PULL_FAILED.test(message))
    return new Map(
      failures.map(({ of, container = '', message }) => [
        pullKey(of, container),
        message.replace(PULL_FAILED, ''),
      ]),
    )
  }
  return () => {
    reading ??= read()
    return reading
  }
}

/** Where events may not be read, nothing is known of them. */
async function readEvents(
  resources: Resources,
  namespace: string,
  reason: string,
  signal: AbortSignal,
): Promise<SeenEvent[]> {
  const options = { kind: events, namespace, fieldSelector: `reason=${reason}` }
  try {
    const items = await resources.list(options, signal)
    return items.flatMap((item) => toSeenEvent(item) ?? [])
  } catch (error) {
    if (hasCode(error, codes.forbidden)) return []
    throw error
  }
}
