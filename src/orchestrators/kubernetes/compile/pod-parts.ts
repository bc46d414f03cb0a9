// The containers of a pod, each service's own, and the volumes that they mount.
import type { V1Container, V1PodSpec, V1Volume, V1VolumeMount } from '@kubernetes/client-node'
import { cutLabel, LABEL_MAX, toHostname } from '../../../system/names.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import { toContainer } from './container.ts'
import type { Context } from './context.ts'
import { toInitContainers } from './init-containers.ts'
import { leaderOf, type Member, membersOf } from './pod-members.ts'
import { isSharedVolume, toVolumes } from './volumes.ts'

type Parts = Pick<V1PodSpec, 'volumes' | 'initContainers' | 'containers'>

/** What all prepare is done before the first of them starts. */
export function toPodParts(name: string, context: Context): Parts {
  const members = withSharedMemory(membersOf(name, context))
  const all = members.map((member) => toParts(member, context))
  const volumes = new Map(all.flatMap((parts) => parts.volumes ?? []).map((volume) => [volume.name, volume]))
  const initContainers = all.flatMap((parts) => parts.initContainers ?? [])
  return {
    volumes: volumes.size > 0 ? [...volumes.values()] : undefined,
    initContainers: initContainers.length > 0 ? initContainers : undefined,
    containers: all.flatMap(({ containers }) => containers),
  }
}

function toParts({ name, service }: Member, context: Context): Parts {
  const parts: Parts = {
    volumes: toVolumes(service, context),
    initContainers: toInitContainers(service, context),
    containers: [toContainer(name, service, context)],
  }
  return leaderOf(name, context) === name ? parts : withOwnNames(toHostname(name), parts)
}

/** A volume or a step without a name in the file has its service's before it: the leader has one of the same name. */
function withOwnNames(prefix: string, { volumes, initContainers, containers }: Parts): Parts {
  const own = (called: string) => cutLabel(`${prefix}--${called}`, LABEL_MAX)
  const renamed = <Of extends V1Volume | V1VolumeMount>(one: Of): Of =>
    isSharedVolume(one.name) ? one : { ...one, name: own(one.name) }
  const mounting = (container: V1Container): V1Container => ({
    ...container,
    volumeMounts: container.volumeMounts?.map(renamed),
  })
  return {
    volumes: volumes?.map(renamed),
    initContainers: initContainers?.map((step) => mounting({ ...step, name: own(step.name) })),
    containers: containers.map(mounting),
  }
}

/**
 * The containers of a pod share `/dev/shm` as long as none has one of its own, so with `shm_size` it is mounted in all that
 * share `ipc`, in the largest size that one of them asks for.
 */
function withSharedMemory(members: Member[]): Member[] {
  if (members.length < 2) return members
  const sizes = members.flatMap(({ service }) => service.shmSizeBytes ?? [])
  if (sizes.length === 0) return members
  const shared = new Set(members.flatMap(({ name, service }) => sharersOf(name, service)))
  const shmSizeBytes = Math.max(...sizes)
  return members.map(({ name, service }) => {
    const isMounted = service.shmSizeBytes !== null || shared.has(name)
    return isMounted ? { name, service: { ...service, shmSizeBytes } } : { name, service }
  })
}

function sharersOf(name: string, service: ServiceSpec): string[] {
  const { ipc } = service.namespaces
  return ipc?.kind === 'service' ? [name, ipc.service] : []
}
