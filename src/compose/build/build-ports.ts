// `ports` and `expose` in the model.
import type { ExposedPort, PortSpec } from '../../system/spec.ts'
import { chargePorts } from '../canonical/charge-ports.ts'
import { listAt, quote, type ScalarNode, scalarAt } from '../node.ts'
import { itemPath } from '../path.ts'
import {
  type Parsed,
  type PortComplaint,
  parseHostIp,
  parseProtocol,
  parsePublished,
  parseRange,
} from '../values/port.ts'
import type { BuildContext } from './build-context.ts'
import type { Reader } from './reader.ts'

/** Every port of the long form; what is wrong in one is reported and the port left out. */
export function buildPorts(service: Reader): PortSpec[] {
  return service.list('ports', buildPort)
}

function buildPort(port: Reader): PortSpec | null {
  const target = port.number('target', { least: Number.MIN_SAFE_INTEGER })
  if (target === null) {
    port.missing('target', 'give the port inside the container')
    return null
  }
  partOf(port, 'target', parseRange)
  return {
    target,
    published: partOf(port, 'published', parsePublished),
    protocol: partOf(port, 'protocol', parseProtocol) ?? 'tcp',
    hostIp: partOf(port, 'host_ip', parseHostIp),
    name: port.text('name'),
    appProtocol: port.text('app_protocol'),
    mode: port.oneOf('mode', ['ingress', 'host']) ?? 'ingress',
    extensions: port.extensions(),
  }
}

/** One part of a port; null where it is not there or, which is reported, can't be read. */
function partOf<T>(port: Reader, key: string, parse: (text: string) => Parsed<T>): T | null {
  const node = scalarAt(port.map, key)
  if (!node) return null
  const parsed = parse(node.text)
  if (parsed.ok) return parsed.value
  reportPort(parsed.complaint, node, `${port.path}.${key}`, port.context)
  return null
}

/** `expose`: ports and ranges with an optional protocol, expanded. */
export function buildExpose(service: Reader): ExposedPort[] {
  const written = listAt(service.map, 'expose')
  if (!written) return []
  const exposed = new Map<string, ExposedPort>()
  for (const [index, item] of written.items.entries()) {
    if (item.kind !== 'scalar' || item.value === null) continue
    if (!exposeAll(item, itemPath(`${service.path}.expose`, index), exposed, service.context)) break
  }
  return [...exposed.values()]
}

/** Adds the ports of one item; false, and reported, once there are too many. */
function exposeAll(
  node: ScalarNode,
  path: string,
  exposed: Map<string, ExposedPort>,
  context: BuildContext,
): boolean {
  const [ports = '', protocolName = 'tcp', ...rest] = node.text.split('/')
  const range = accept(parseRange(rest.length > 0 ? '' : ports), node, path, context)
  const protocol = range && accept(parseProtocol(protocolName), node, path, context)
  if (!range || !protocol) return true
  for (let port = range.from; port <= range.to; port += 1) {
    if (!chargePorts(1, { path }, context)) return false
    if (exposed.size >= context.limits.ports) return tooMany(path, context)
    exposed.set(`${port}/${protocol}`, { port, protocol })
  }
  return true
}

function tooMany(path: string, context: BuildContext): false {
  const message = `The service exposes more than ${context.limits.ports} ports: expose fewer.`
  context.reporter.report({ code: 'TOO_MANY_PORTS', path, message })
  return false
}

function accept<T>(parsed: Parsed<T>, node: ScalarNode, path: string, context: BuildContext): T | null {
  if (parsed.ok) return parsed.value
  reportPort(parsed.complaint, node, path, context)
  return null
}

function reportPort(
  { code, reason }: PortComplaint,
  node: ScalarNode,
  path: string,
  { reporter }: BuildContext,
): void {
  reporter.report({ code, path, message: `${quote(node)} can't be \`${path}\`: ${reason}.`, at: node.at })
}
