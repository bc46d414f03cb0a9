// The object that owns all others of a system.
import { isMade } from './claims.ts'
import { type Context, hasDiscovery } from './context.ts'
import { hasGate } from './gate.ts'
import { isDivided } from './network-policies.ts'
import { toRoutes } from './routes.ts'

/**
 * Whether it is the headless V1Service: where there are several services, or objects besides a workload and its own
 * V1Service. A workload that is recreated would else take them along.
 */
export function hasHeadlessOwner(context: Context): boolean {
  return hasDiscovery(context) || hasObjectsBeside(context) || hasNetworkObjects(context)
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

/** An Ingress or a NetworkPolicy. */
function hasNetworkObjects(context: Context): boolean {
  if (isDivided(context)) return true
  return Object.entries(context.spec.services).some(
    ([name, service]) =>
      (context.settings[name]?.clients ?? []).length > 0 || toRoutes(name, service, context).length > 0,
  )
}
