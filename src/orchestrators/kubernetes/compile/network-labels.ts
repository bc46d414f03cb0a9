// Labels of pods by which NetworkPolicies find them.
import { cutLabel, LABEL_MAX, toDnsLabel } from '../../../system/names.ts'
import { networksOf } from '../../../system/networks.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import { LABEL, NETWORK_PREFIX } from '../labels.ts'
import type { Context } from './context.ts'

/** One for each network of the service, where the system has several; and who has its own rule of what it may reach. */
export function toNetworkLabels(service: ServiceSpec, context: Context): Record<string, string> {
  const own = context.networks.size > 1 ? networksOf(service) : []
  return {
    ...Object.fromEntries(own.map((network) => [toNetworkLabel(network), 'true'])),
    ...(isCutOff(service) && { [LABEL.egress]: 'none' }),
    ...(isOnInternalOnly(service, context) && { [LABEL.egress]: 'internal' }),
  }
}

/** A network's name may hold what a label's may not. */
export function toNetworkLabel(network: string): string {
  return `${NETWORK_PREFIX}${cutLabel(toDnsLabel(network), LABEL_MAX)}`
}

/** `network_mode: none`. */
export function isCutOff({ namespaces }: ServiceSpec): boolean {
  return namespaces.network?.kind === 'none'
}

/** One network that is not internal leads out, as in Docker. */
export function isOnInternalOnly(service: ServiceSpec, { spec }: Context): boolean {
  const networks = networksOf(service)
  return networks.length > 0 && networks.every((name) => spec.networks[name]?.internal)
}
