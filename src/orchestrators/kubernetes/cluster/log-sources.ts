// The containers of a system whose logs can be read. Pure.
import { toGateKey } from '../../../system/requirements.ts'
import type { LogSource } from '../../shared/log-source.ts'
import { LABEL } from '../labels.ts'
import type { KubeObject } from './objects.ts'
import { containersOf, serviceOf } from './pod-services.ts'

export type PodLogSource = LogSource & { pod: string; container: string }

type Status = {
  name: string
  restartCount?: number
  containerID?: string
  state?: { running?: { startedAt?: string }; terminated?: { startedAt?: string; exitCode?: number } }
  lastState?: { terminated?: object }
}

/** Containers that run or have run; of one service and what runs before it, or of all (`service` null). */
export function logSourcesOf(pod: KubeObject, service: string | null): PodLogSource[] {
  const status = (pod.status ?? {}) as {
    initContainerStatuses?: Status[]
    containerStatuses?: Status[]
  }
  const all = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]
  return all.flatMap((one) => {
    const of = serviceOfContainer(pod, one.name)
    if (of === undefined || !hasRun(one) || (service !== null && !belongs(of, service))) return []
    return [toSource(pod, one, of)]
  })
}

function belongs(of: string, service: string): boolean {
  return of === service || of === toGateKey(service)
}

/** Of a pod that several share, by its name; what is no service's own comes with the one that leads the pod. */
function serviceOfContainer(pod: KubeObject, container: string): string | undefined {
  const named = Object.entries(containersOf(pod) ?? {}).find(([, name]) => name === container)
  return named?.[0] ?? serviceOf(pod.metadata)
}

function hasRun({ state, lastState }: Status): boolean {
  return Boolean(state?.running || state?.terminated || lastState?.terminated)
}

function toSource(pod: KubeObject, one: Status, service: string): PodLogSource {
  const { name, uid, creationTimestamp = '', labels } = pod.metadata
  const own = `${labels?.[LABEL.system] ?? ''}-`
  return {
    key: `${uid}/${one.name}`,
    owner: uid,
    pod: name,
    container: one.name,
    service,
    copy: name.slice(name.lastIndexOf('-') + 1) || own,
    createdAt: creationTimestamp,
    run: `${one.restartCount ?? 0}/${one.containerID ?? ''}`,
    isOver: !one.state?.running,
  }
}
