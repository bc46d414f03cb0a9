// `clients` of a request: who alone reaches the published ports of a service, and where their addresses are still seen.
import type { Problem } from '../../../problem.ts'
import { toCidr } from '../../../system/network-address.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Context } from './context.ts'
import { remark } from './dispositions.ts'
import { toExposure, toOpenPorts } from './exposure.ts'

/** As CIDRs; empty: everybody. */
export function clientsOf(name: string, { settings }: Context): string[] {
  return (settings[name]?.clients ?? []).map(toCidr)
}

/** ingress-nginx lets only these in (https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#whitelist-source-range). */
export function toClientAnnotations(name: string, context: Context): Record<string, string> | undefined {
  const clients = clientsOf(name, context)
  if (clients.length === 0) return undefined
  return { 'nginx.ingress.kubernetes.io/whitelist-source-range': clients.join(',') }
}

export function checkClients(name: string, service: ServiceSpec, context: Context): Problem[] {
  if (clientsOf(name, context).length === 0 || toOpenPorts(name, service, context).length === 0) return []
  const path = `services.${name}.ports`
  const exposure = toExposure(name, service, context)
  switch (exposure) {
    case 'nodePort': {
      const message = `So that a node still sees the addresses of the clients of \`${name}\`, its node ports answer only on nodes that run a pod of it.`
      return [remark('CLIENTS_BY_NODE', path, message)]
    }
    case 'ingress':
      return [remark('CLIENTS_BY_INGRESS', path, ingressMessage(name, context))]
    case 'loadBalancer':
    case 'clusterIP':
      return []
    default:
      return exposure satisfies never
  }
}

/** A pod sees the address of the controller, and of nobody behind it. */
function ingressMessage(name: string, { ingress }: Context): string {
  const checked = `Who reaches \`${name}\` through its Ingress is checked by the controller, if that is ingress-nginx`
  return ingress.namespace
    ? `${checked}.`
    : `${checked}; the pods let the controller in only where the operator has set TYCHO_INGRESS_NAMESPACE, or its address is among the clients.`
}
