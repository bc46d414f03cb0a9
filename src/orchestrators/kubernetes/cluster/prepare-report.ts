// What the pods of a preparation say of their nodes. Pure.
import type { ImagePull, NodeImage, NodeImages } from '../../../system/image-pull.ts'
import type { Reason } from '../../../system/readiness.ts'
import { sentence, toReason } from '../../shared/diagnosis.ts'
import { diagnoseImage } from './diagnose-image.ts'
import type { KubeObject } from './objects.ts'
import { pullIndexOf } from './prepare-objects.ts'
import { isPullReason, toPodState, type Waiting } from './seen-pod.ts'

/**
 * Reasons of a kubelet for a container that waits for its image; at any other it has the image, and could not make or
 * start the container, which is all that was wanted. Those of the pull: kubelet's `pkg/kubelet/images/types.go`, the same
 * whatever runs the containers.
 */
const WITHOUT_IMAGE: ReadonlySet<string> = new Set([
  '',
  'ContainerCreating',
  'PodInitializing',
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
])

/** A node that is full may have room soon; for one that has not, nobody is kept waiting longer. */
const ROOM_PATIENCE_MS = 30_000

export type PodReport = NodeImages & { isSettled: boolean }

type RawPod = {
  nodeName?: string
  containers?: { name: string }[]
  affinity?: {
    nodeAffinity?: {
      requiredDuringSchedulingIgnoredDuringExecution?: {
        nodeSelectorTerms?: { matchFields?: { key: string; values?: string[] }[] }[]
      }
    }
  }
}
type RawContainer = {
  name: string
  imageID?: string
  restartCount?: number
  state?: { waiting?: { reason?: string }; running?: object; terminated?: object }
  lastState?: { terminated?: object }
}
type RawStatus = {
  containerStatuses?: RawContainer[]
  conditions?: { type: string; status: string; message?: string; lastTransitionTime?: string }[]
}

/** What events have told of a pull that failed, by `pullKey`: a status may say it for less than a second, or not at all. */
export type PullWords = ReadonlyMap<string, string>

export function pullKey(podUid: string, container: string): string {
  return `${podUid}/${container}`
}

/** What a preparation knows beside its pods. `before`: what was told of the nodes last. */
export type Known = {
  pulls: readonly ImagePull[]
  before: readonly NodeImages[]
  words: PullWords
  /** Milliseconds since the epoch. */
  now: number
}

export function toPodReport(pod: KubeObject, known: Known): PodReport {
  const { pulls, before, now } = known
  const spec: RawPod = pod.spec ?? {}
  const status: RawStatus = pod.status ?? {}
  const node = nodeOf(spec)
  const earlier = before.find((one) => one.node === node)?.images ?? []
  const noRoom = noRoomOf(status)
  const images = (spec.containers ?? []).flatMap(({ name }): NodeImage[] => {
    const pull = pulls[pullIndexOf(name) ?? -1]
    if (!pull) return []
    const told = earlier.find(({ image }) => image === pull.image)
    const words = known.words.get(pullKey(pod.metadata.uid, name))
    return [toNodeImage(pod, name, pull.image, { told, words, ofPod: noRoom?.reason ?? failureOf(pod) })]
  })
  const hasWaited = noRoom !== undefined && now - noRoom.since > ROOM_PATIENCE_MS
  const isSettled = hasWaited || images.every(({ state }) => state === 'present' || state === 'failed')
  return { node, images, isSettled }
}

/** The pod of a DaemonSet is meant for one node before it has come to it. */
function nodeOf({ nodeName, affinity }: RawPod): string {
  if (nodeName) return nodeName
  const terms =
    affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []
  const fields = terms.flatMap(({ matchFields }) => matchFields ?? [])
  return fields.find(({ key }) => key === 'metadata.name')?.values?.[0] ?? ''
}

function noRoomOf({ conditions = [] }: RawStatus): { reason: Reason; since: number } | undefined {
  const scheduled = conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False')
  if (!scheduled) return undefined
  const since = Date.parse(scheduled.lastTransitionTime ?? '')
  const reason = toReason('UNSCHEDULABLE', scheduled.message ?? 'The node does not take its pod')
  return { reason, since: Number.isNaN(since) ? 0 : since }
}

/** A node has turned it away or ended it; its controller makes another. */
function failureOf(pod: KubeObject): Reason | undefined {
  const { failure } = toPodState(pod)
  return failure && toReason('POD_FAILED', sentence(failure.reason, failure.message))
}

/** `ofPod`: what keeps the pod as a whole from the node. */
type Hints = { told: NodeImage | undefined; words: string | undefined; ofPod: Reason | undefined }

function toNodeImage(pod: KubeObject, name: string, image: string, { told, words, ofPod }: Hints): NodeImage {
  const raw = (pod.status as RawStatus | undefined)?.containerStatuses?.find((one) => one.name === name)
  if (!raw) return { image, state: 'unknown', ...(ofPod && { reason: ofPod }) }
  if (hasImage(raw)) return { image, state: 'present' }
  const container = toPodState(pod).containers.find((one) => one.name === name)
  if (container?.now.is !== 'waiting') return { image, state: 'unknown' }
  const { now } = container
  const pullFailure = container.pullFailure ?? words
  if (isPullReason(now.reason) && pullFailure === undefined && told?.reason) return told
  const diagnosis = diagnoseImage({ ...container, pullFailure }, now)
  if (diagnosis) return { image, state: diagnosis.isFinal ? 'failed' : 'pulling', reason: diagnosis.reason }
  return { image, state: 'pulling', ...reasonOf(now) }
}

/** One that has been made once had it; what it says now may be of another attempt. */
function hasImage({ imageID, restartCount, state, lastState }: RawContainer): boolean {
  if (imageID || restartCount || state?.running || state?.terminated || lastState?.terminated) return true
  const { reason } = state?.waiting ?? {}
  return reason !== undefined && !WITHOUT_IMAGE.has(reason)
}

function reasonOf({ reason, message }: Waiting): { reason?: Reason } {
  const isOnlyWaiting = ['', 'ContainerCreating', 'PodInitializing'].includes(reason)
  return isOnlyWaiting ? {} : { reason: toReason('IMAGE_PULL_RETRIED', message || reason) }
}

/** Whether a pod says that a pull has failed, and not why. */
export function isSilent(pod: KubeObject): boolean {
  return toPodState(pod).containers.some(
    ({ now, pullFailure }) => now.is === 'waiting' && isPullReason(now.reason) && pullFailure === undefined,
  )
}

/** Nodes by their names; of an image that two of its pods are to have, what says the most. */
export function joinReports(reports: readonly NodeImages[]): NodeImages[] {
  const nodes = Map.groupBy(reports, ({ node }) => node)
  return [...nodes]
    .map(([node, all]) => ({ node, images: joinImages(all.flatMap(({ images }) => images)) }))
    .sort((a, b) => a.node.localeCompare(b.node))
}

const RANK = { present: 3, failed: 2, pulling: 1, unknown: 0 } as const

function joinImages(images: readonly NodeImage[]): NodeImage[] {
  const best = new Map<string, NodeImage>()
  for (const one of images) {
    const known = best.get(one.image)
    if (!known || RANK[one.state] > RANK[known.state]) best.set(one.image, one)
  }
  return [...best.values()].sort((a, b) => a.image.localeCompare(b.image))
}
