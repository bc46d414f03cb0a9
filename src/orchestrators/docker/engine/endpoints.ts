// Where published ports can be reached, from the containers that the engine answered. Pure.
import type { Endpoint } from '../../../system/endpoint.ts'
import { LABEL } from '../labels.ts'
import { type LiveContainer, labelsOf } from './live.ts'

/** Every address of the host: the one by which the engine is reached will do. */
const anyAddress = new Set(['', '0.0.0.0', '::'])

/** One for each port that is bound, of running containers and of others. `host`: of ports that all addresses have. */
export function endpointsOf(container: LiveContainer, host: string): Endpoint[] {
  const service = labelsOf(container)[LABEL.service]
  if (service === undefined) return []
  const bindings = Object.entries(container.HostConfig.PortBindings ?? {})
  return bindings.flatMap(([key, bound]) => {
    const [containerPort = '', protocol = 'tcp'] = key.split('/')
    return (bound ?? []).flatMap(({ HostIp = '', HostPort = '' }) => {
      if (!HostPort) return []
      const at = toUrlHost(anyAddress.has(HostIp) ? host : HostIp)
      return {
        service,
        containerPort: Number(containerPort),
        protocol: protocol as Endpoint['protocol'],
        port: Number(HostPort),
        url: protocol === 'tcp' ? `http://${at}:${HostPort}` : null,
      }
    })
  })
}

/** IPv6 addresses stand in brackets in a URL (RFC 3986, section 3.2.2). */
function toUrlHost(address: string): string {
  return address.includes(':') && !address.startsWith('[') ? `[${address}]` : address
}
