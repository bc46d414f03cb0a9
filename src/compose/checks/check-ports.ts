import type { PortSpec } from '../../system/spec.ts'
import { keyPath } from '../path.ts'
import type { CheckInput } from './check.ts'

/** No service lists the same port twice. */
export function checkPorts({ spec, reporter }: CheckInput): void {
  for (const [name, service] of Object.entries(spec.services)) {
    if (service.ports.length < 2) continue
    const seen = new Set<string>()
    for (const port of service.ports) {
      const key = identityOf(port)
      if (seen.has(key)) {
        const message = `\`${name}\` publishes port ${port.target}/${port.protocol} twice in the same way: remove one.`
        reporter.report({ code: 'DUPLICATE_PORT', path: `${keyPath('services', name)}.ports`, message })
      }
      seen.add(key)
    }
  }
}

/** What makes two ports the same to the reference loader's merge. */
function identityOf({ hostIp, published, target, protocol }: PortSpec): string {
  return `${hostIp}|${published?.from}-${published?.to}|${target}/${protocol}`
}
