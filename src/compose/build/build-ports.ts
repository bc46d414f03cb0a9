// `ports` and `expose` in the model.
import type { ExposedPort, PortSpec } from '../../system/spec.ts'
import { listAt, type MapNode, numberAt, quote, type ScalarNode, scalarAt, textAt } from '../node.ts'
import { itemPath, keyPath } from '../path.ts'
import {
  type Parsed,
  type PortComplaint,
  parseHostIp,
  parseProtocol,
  parsePublished,
  parseRange,
} from '../values/port.ts'
import { type BuildContext, reportInvalid } from './build-context.ts'
import { buildExtensions } from './build-extensions.ts'

/** Every port of the long form; what is wrong in one is reported and the port left out. */
export function buildPorts(service: MapNode, path: string, context: BuildContext): PortSpec[] {
  const ports: PortSpec[] = []
  for (const [index, item] of (listAt(service, 'ports')?.items ?? []).entries()) {
    const port =
      item.kind === 'map' ? buildPort(item, itemPath(keyPath(path, 'ports'), index), context) : null
    if (port) ports.push(port)
  }
  return ports
}

function buildPort(port: MapNode, path: string, context: BuildContext): PortSpec | null {
  const target = numberAt(port, 'target')
  if (target === null) {
    if (context.reporter.hasErrorAt(`${path}.target`)) return null
    const message = 'A port needs `target`, the port inside the container: add it.'
    context.reporter.report({ code: 'MISSING_KEY', path, message, at: port.at })
    return null
  }
  const read = <T>(key: string, parse: (text: string) => Parsed<T>, otherwise: T): T => {
    const node = scalarAt(port, key)
    return node ? (accept(parse(node.text), node, `${path}.${key}`, context) ?? otherwise) : otherwise
  }
  read('target', (text) => parseRange(text), null)
  return {
    target,
    published: read('published', parsePublished, null),
    protocol: read('protocol', parseProtocol, 'tcp'),
    hostIp: read('host_ip', parseHostIp, null),
    name: textAt(port, 'name'),
    appProtocol: textAt(port, 'app_protocol'),
    mode: modeOf(port, path, context),
    extensions: buildExtensions(port),
  }
}

function modeOf(port: MapNode, path: string, context: BuildContext): PortSpec['mode'] {
  const node = scalarAt(port, 'mode')
  if (node && node.text !== 'ingress' && node.text !== 'host') {
    reportInvalid(context, `${path}.mode`, node, 'it must be `ingress` or `host`')
  }
  return node?.text === 'host' ? 'host' : 'ingress'
}

/** `expose`: ports and ranges with an optional protocol, expanded. */
export function buildExpose(service: MapNode, path: string, context: BuildContext): ExposedPort[] {
  const exposed = new Map<string, ExposedPort>()
  for (const [index, item] of (listAt(service, 'expose')?.items ?? []).entries()) {
    if (item.kind !== 'scalar' || item.value === null) continue
    for (const port of exposedPorts(item, itemPath(`${path}.expose`, index), context)) {
      if (exposed.size >= context.limits.ports) return tooMany(exposed, path, context)
      exposed.set(`${port.port}/${port.protocol}`, port)
    }
  }
  return [...exposed.values()]
}

function tooMany(exposed: Map<string, ExposedPort>, path: string, context: BuildContext): ExposedPort[] {
  const message = `The service exposes more than ${context.limits.ports} ports: expose fewer.`
  context.reporter.report({ code: 'TOO_MANY_PORTS', path: `${path}.expose`, message })
  return [...exposed.values()]
}

function* exposedPorts(node: ScalarNode, path: string, context: BuildContext): Generator<ExposedPort> {
  const [ports = '', protocolName = 'tcp', ...rest] = node.text.split('/')
  const range = accept(parseRange(rest.length > 0 ? '' : ports), node, path, context)
  const protocol = range && accept(parseProtocol(protocolName), node, path, context)
  if (!range || !protocol) return
  for (let port = range.from; port <= range.to; port += 1) yield { port, protocol }
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
