// A pod that several services share, as one of them sees it. Pure.
import type { Containers } from './pod-services.ts'
import type { Seen } from './seen.ts'
import type { ContainerState, PodState } from './seen-pod.ts'

/** Anything but a pod is as it was. `containers`: those of the services, by the services' names. */
export function withContainer(object: Seen, service: string, containers: Containers): Seen {
  return object.kind === 'Pod' ? { ...object, state: toShare(object.state, service, containers) } : object
}

/**
 * The service's own container, and those that run before all of them; it is ready with its own, though the pod may not be,
 * and waits for the services that keep the pod from it.
 */
function toShare(state: PodState, service: string, containers: Containers): PodState {
  const services = new Map(Object.entries(containers).map(([name, container]) => [container, name]))
  const own = state.containers.find(({ name }) => services.get(name) === service)
  if (!own) return state
  const steps = state.containers.filter(({ name }) => !services.has(name))
  const waiting = state.containers.filter((container) => services.has(container.name) && !isUp(container))
  return {
    ...state,
    isReady: state.isReady || isUp(own),
    containers: [...steps, own],
    waitsFor: isUp(own) ? waiting.map(({ name }) => services.get(name) ?? name) : [],
  }
}

function isUp({ isReady, now }: ContainerState): boolean {
  return isReady || (now.is === 'ended' && now.exitCode === 0)
}
