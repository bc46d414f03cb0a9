// What is kept of an observed object: whose it is, and the fields that readiness needs. Everything else is dropped as
// it arrives, so that thousands of pods fit into little memory.
import type { SystemIdentity } from '../../../system/spec.ts'
import { balancedHostOf } from './endpoints.ts'
import type { Kind, KindName } from './kinds.ts'
import { isOurs } from './managed-fields.ts'
import { type Note, nothingNoted } from './notes.ts'
import type { KubeObject } from './objects.ts'
import { type Containers, containersOf, serviceOf } from './pod-services.ts'
import { type DaemonSetState, toDaemonSetState } from './seen-daemonset.ts'
import { type DeploymentState, revisionAnnotation, toDeploymentState } from './seen-deployment.ts'
import { type JobState, toJobState } from './seen-job.ts'
import { type PodState, toPodState, withNote } from './seen-pod.ts'
import { type StatefulSetState, toStatefulSetState } from './seen-statefulset.ts'
import { nextRunTemplateOf, runTemplateOf, templateOf } from './seen-template.ts'
import { identityOf } from './selectors.ts'

type Common = {
  uid: string
  /** Grows with each change of what is asked of the object. */
  generation: number
  /** Changes with what is asked of the object: its generation, or where its kind counts none, its version. */
  mark: string
  name: string
  identity: SystemIdentity
  service: string | undefined
  /** Of a pod that several services share, and of what makes such pods. */
  containers: Containers | undefined
  /** The uid of the controller that made it. */
  controllerUid: string | undefined
  /** When it was last written, not by a controller: RFC 3339, in whole seconds. */
  writtenAt: string
  isDeleting: boolean
  /** What events have told of it. */
  note: Note
}

export type SeenDeployment = Common & { kind: 'Deployment'; state: DeploymentState }
export type SeenDaemonSet = Common & { kind: 'DaemonSet'; state: DaemonSetState }
export type SeenStatefulSet = Common & { kind: 'StatefulSet'; state: StatefulSetState }
export type SeenJob = Common & { kind: 'Job'; state: JobState; template: string | undefined }
/** `template`: that of the Jobs that it makes from now on. */
export type SeenCronJob = Common & {
  kind: 'CronJob'
  template: string | undefined
  isSuspended: boolean
}
/** `template`, of what a controller made: which of its specs it was made of, where that is said. */
export type SeenPod = Common & { kind: 'Pod'; state: PodState; template: string | undefined }
export type SeenReplicaSet = Common & { kind: 'ReplicaSet'; state: { revision: string | undefined } }
/** `host`: of a load balancer that has its address, as it stands in a URL. */
export type SeenService = Common & { kind: 'Service'; host: string | undefined }
export type Seen =
  | SeenDeployment
  | SeenDaemonSet
  | SeenStatefulSet
  | SeenJob
  | SeenCronJob
  | SeenPod
  | SeenReplicaSet
  | SeenService
  | (Common & { kind: 'Ingress' | 'NetworkPolicy' | 'HorizontalPodAutoscaler' | 'ConfigMap' | 'Secret' })

/** Whether a container of the pod runs or has run. */
export function hasRun({ state }: SeenPod): boolean {
  return state.containers.some((container) => container.hasRun)
}

/** Undefined for an object that belongs to no incarnation. */
export function toSeen(kind: Kind, object: KubeObject, note: Note = nothingNoted): Seen | undefined {
  const { metadata } = object
  const identity = identityOf(metadata)
  if (!identity) return undefined
  return withState(kind.kind, object, {
    uid: metadata.uid,
    generation: metadata.generation ?? 0,
    mark: `${metadata.generation ?? metadata.resourceVersion}`,
    name: metadata.name,
    identity,
    service: serviceOf(metadata),
    containers: containersOf(object),
    controllerUid: metadata.ownerReferences?.find(({ controller }) => controller)?.uid,
    writtenAt: writtenAt(metadata),
    isDeleting: metadata.deletionTimestamp !== undefined,
    note,
  })
}

function writtenAt({ managedFields = [], creationTimestamp = '' }: KubeObject['metadata']): string {
  return managedFields
    .filter(isOurs)
    .reduce((latest, { time }) => (time !== undefined && time > latest ? time : latest), creationTimestamp)
}

/** Whether the object runs this service, alone or with others of its pod. */
export function runs({ service, containers }: Seen, name: string): boolean {
  return containers ? Object.hasOwn(containers, name) : service === name
}

function withState(kind: KindName, object: KubeObject, common: Common): Seen | undefined {
  switch (kind) {
    case 'Deployment':
      return { ...common, kind, state: toDeploymentState(object) }
    case 'DaemonSet':
      return { ...common, kind, state: toDaemonSetState(object) }
    case 'StatefulSet':
      return { ...common, kind, state: toStatefulSetState(object) }
    case 'Job':
      return { ...common, kind, state: toJobState(object), template: runTemplateOf(object) }
    case 'CronJob':
      return {
        ...common,
        kind,
        template: nextRunTemplateOf(object),
        isSuspended: object.spec?.suspend === true,
      }
    case 'Pod': {
      const state = withNote(toPodState(object), common.note)
      return { ...common, kind, state, template: templateOf(object) }
    }
    case 'ReplicaSet':
      return { ...common, kind, state: { revision: object.metadata.annotations?.[revisionAnnotation] } }
    case 'Service':
      return { ...common, kind, host: balancedHostOf(object) }
    case 'Ingress':
    case 'NetworkPolicy':
    case 'HorizontalPodAutoscaler':
    case 'ConfigMap':
    case 'Secret':
      return { ...common, kind }
    case 'PersistentVolumeClaim':
      return undefined
    default:
      return kind satisfies never
  }
}
