// The object that owns all others of a system.
import { isAutoscaled } from './autoscaler.ts'
import { isMade } from './claims.ts'
import { type Context, hasDiscovery } from './context.ts'
import { hasGate } from './gate.ts'
import { isDivided } from './network-policies.ts'
import { toRoutes } from './routes.ts'
import { isStateful } from './stable-address.ts'

/**
 * Whether it is the headless V1Service: where there are several services, or objects besides a workload and its own
 * V1Service. A workload that is recreated would else take them along.
 */
export function hasHeadlessOwner(context: Context): boolean {
  return (
    hasDiscovery(context) || hasObjectsBeside(context) || hasServiceObjects(context) || hasStateful(context)
  )
}

function hasObjectsBeside({ spec }: Context): boolean {
  const files = [...Object.values(spec.configs), ...Object.values(spec.secrets)]
  return (
    Object.keys(spec.files).length > 0 ||
    Object.values(spec.services).some(hasGate) ||
    files.some(({ source }) => source.kind !== 'external') ||
    Object.values(spec.volumes).some(isMade)
  )
}

/** It is named by a headless V1Service (https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/). */
function hasStateful(context: Context): boolean {
  return Object.entries(context.spec.services).some(([name, service]) => isStateful(name, service, context))
}

/** An Ingress, a NetworkPolicy or a HorizontalPodAutoscaler. */
function hasServiceObjects(context: Context): boolean {
  if (isDivided(context)) return true
  return Object.entries(context.spec.services).some(
    ([name, service]) =>
      isAutoscaled(service) ||
      (context.settings[name]?.clients ?? []).length > 0 ||
      toRoutes(name, service, context).length > 0,
  )
}
