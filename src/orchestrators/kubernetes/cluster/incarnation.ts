// The objects of one incarnation joined into one observation. Pure.
import { createHash } from 'node:crypto'
import type { ServiceState } from '../../../system/readiness.ts'
import type { SystemIdentity } from '../../../system/spec.ts'
import type { Observation } from '../../orchestrator.ts'
import { isIdle } from './idle.ts'
import { kinds } from './kinds.ts'
import { cronJobReadiness, type Run } from './readiness-cronjob.ts'
import { daemonSetReadiness } from './readiness-daemonset.ts'
import { deploymentReadiness } from './readiness-deployment.ts'
import { jobReadiness } from './readiness-job.ts'
import { statefulSetReadiness } from './readiness-statefulset.ts'
import {
  hasRun,
  runs,
  type Seen,
  type SeenCronJob,
  type SeenDaemonSet,
  type SeenDeployment,
  type SeenJob,
  type SeenPod,
  type SeenReplicaSet,
  type SeenStatefulSet,
} from './seen.ts'
import { withContainer } from './seen-container.ts'
import { versionOf } from './version.ts'

type SeenWorkload = SeenDeployment | SeenDaemonSet | SeenStatefulSet | SeenJob | SeenCronJob

/** What runs the processes of a service. */
const WORKLOADS: ReadonlySet<string> = new Set(
  kinds.filter(({ role }) => role === 'workload').map(({ kind }) => kind),
)

/** What runs no process of a service. */
const SUPPORT: ReadonlySet<string> = new Set(
  kinds.filter(({ role }) => role === 'support').map(({ kind }) => kind),
)

/** What controllers make out of ours. */
const DERIVED: ReadonlySet<string> = new Set(
  kinds.filter(({ role }) => role === 'derived').map(({ kind }) => kind),
)

/** How the services of the incarnation stand, and the subjects of all that is left of it, sorted. */
export function toObservation(identity: SystemIdentity, objects: readonly Seen[]): Observation {
  const services: Record<string, ServiceState> = {}
  for (const [name, own] of [...byService(objects)].sort(([a], [b]) => (a < b ? -1 : 1))) {
    services[name] = withHost(toServiceState(name, own), name, objects)
  }
  const remaining = objects.map(({ kind, name }) => `${kind}/${name}`).sort()
  return { type: 'system', identity, services, remaining, stamp: stampOf(objects) }
}

/**
 * Differs as soon as somebody asks something else of one of the objects that Tycho writes, or one comes or goes. What a
 * controller made is none of them: a ReplicaSet, a pod, the Job of a CronJob.
 */
function stampOf(objects: readonly Seen[]): string {
  const written = objects.filter(
    ({ kind, controllerUid }) => !DERIVED.has(kind) && controllerUid === undefined,
  )
  const marks = written.map(({ uid, mark }) => `${uid}@${mark}`)
  return createHash('sha256').update(marks.sort().join()).digest('base64url').slice(0, 16)
}

function withHost(state: ServiceState, name: string, objects: readonly Seen[]): ServiceState {
  for (const object of objects)
    if (object.kind === 'Service' && object.service === name && object.host !== undefined)
      return { ...state, host: object.host }
  return state
}

/** The objects of each service: those of its label, and of the pods that it shares. */
function byService(objects: readonly Seen[]): Map<string, Seen[]> {
  const labelled = new Map<string, Seen[]>()
  const labels = new Map<string, string[]>()
  for (const object of objects) {
    const { service, containers = {} } = object
    if (service === undefined || SUPPORT.has(object.kind)) continue
    add(labelled, service, object)
    for (const name of [service, ...Object.keys(containers)]) add(labels, name, service)
  }
  const all = [...labels].map(([name, of]): [string, Seen[]] => [
    name,
    [...new Set(of)].flatMap((label) => labelled.get(label) ?? []),
  ])
  return new Map(all)
}

function add<Of>(lists: Map<string, Of[]>, key: string, item: Of): void {
  const list = lists.get(key)
  if (list) list.push(item)
  else lists.set(key, [item])
}

/**
 * Where an update made a Deployment into another kind, or moved a service into another pod, both exist for a while: the one
 * that was written last counts, and of two of the same second the one that was seen later.
 */
function toServiceState(name: string, objects: readonly Seen[]): ServiceState {
  const workloads = objects.filter(isSeenWorkload).filter((object) => runs(object, name))
  const workload = workloads.sort((a, b) => a.writtenAt.localeCompare(b.writtenAt)).at(-1)
  if (!workload) return withoutWorkload(objects.filter((object) => runs(object, name)))
  const { containers } = workload
  const seen = containers ? objects.map((object) => withContainer(object, name, containers)) : objects
  const state = { ...stateOf(workload, seen), version: versionOf(workload) }
  return isIdle(workload, objects) ? { ...state, idle: true } : state
}

function isSeenWorkload(object: Seen): object is SeenWorkload {
  // The Job of a CronJob is a run of the service, not what runs it.
  return WORKLOADS.has(object.kind) && object.controllerUid === undefined
}

function stateOf(workload: SeenWorkload, objects: readonly Seen[]): ServiceState {
  switch (workload.kind) {
    case 'Deployment':
      return deploymentReadiness(workload, podsOfRollout(workload, objects))
    case 'DaemonSet':
      return daemonSetReadiness(workload, podsOf(workload, objects))
    case 'StatefulSet':
      return statefulSetReadiness(workload, podsOf(workload, objects))
    case 'Job':
      return jobReadiness(workload, podsOf(workload, objects))
    case 'CronJob':
      return cronJobReadiness(workload, runsOf(workload, objects))
    default:
      return workload satisfies never
  }
}

/** The workload is gone, or not seen yet: each kind has its own watch, and they do not wait for each other. */
function withoutWorkload(objects: readonly Seen[]): ServiceState {
  const pods = objects.filter((object) => object.kind === 'Pod')
  const base = { started: pods.some(hasRun), completed: false }
  return pods.some(({ isDeleting }) => isDeleting)
    ? { ...base, readiness: 'terminating', reason: { code: 'TERMINATING', message: 'Its pods are ending' } }
    : {
        ...base,
        readiness: 'absent',
        reason: { code: 'ABSENT', message: 'Nothing in the cluster runs it' },
      }
}

function podsOf(
  owner: Exclude<SeenWorkload, SeenDeployment> | SeenReplicaSet,
  objects: readonly Seen[],
): SeenPod[] {
  return objects
    .filter((object) => object.kind === 'Pod')
    .filter(({ controllerUid }) => controllerUid === owner.uid)
}

function runsOf(cronJob: SeenCronJob, objects: readonly Seen[]): Run[] {
  return objects
    .filter((object) => object.kind === 'Job')
    .filter(({ controllerUid }) => controllerUid === cronJob.uid)
    .map((job) => ({ job, pods: podsOf(job, objects) }))
}

/** Pods of an earlier rollout say nothing about the present one; the first may not have its number yet. */
function podsOfRollout(deployment: SeenDeployment, objects: readonly Seen[]): SeenPod[] {
  const { isFirst, revision } = deployment.state
  const present = objects
    .filter((object) => object.kind === 'ReplicaSet')
    .find(
      ({ controllerUid, state }) =>
        controllerUid === deployment.uid && (isFirst || state.revision === revision),
    )
  return present ? podsOf(present, objects) : []
}
