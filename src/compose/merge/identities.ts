// What makes two items of a list the same when files are merged (reference loader, "unicity").
import { type MapNode, type Node, textAt } from '../node.ts'
import { parseShortPort } from '../values/port.ts'

/** The whole text. */
export function byText(item: Node): string | null {
  return item.kind === 'scalar' && item.value !== null ? item.text : null
}

/** The text before the first `=`. */
export function byName(item: Node): string | null {
  const text = byText(item)
  return text === null ? null : nameOf(text)
}

export function nameOf(pair: string): string {
  const equals = pair.indexOf('=')
  return equals === -1 ? pair : pair.slice(0, equals)
}

/** Host and address, whether `=` or `:` stands between them. */
export function byHost(item: Node): string | null {
  return byText(item)?.replace(/^([^=:]*)[=:]/, '$1=') ?? null
}

/** `env_file`: a path, or a map with one. */
export function byPath(item: Node): string | null {
  return item.kind === 'map' ? textAt(item, 'path') : byText(item)
}

/** `volumes`: where in the container; a text is `[source:]target[:options]`. */
export function byTarget(item: Node): string | null {
  const target = item.kind === 'map' ? textAt(item, 'target') : targetOf(byText(item))
  return target === null ? null : withoutSlash(target)
}

function targetOf(volume: string | null): string | null {
  if (volume === null) return null
  // A single letter and a colon is a drive of Windows.
  const [first = '', second] = volume.replace(/^[A-Za-z]:(?=[\\/])/, '').split(':')
  return second ?? first
}

/** `devices`: where in the container; one without a colon is a name of the Container Device Interface, or the same path. */
export function byDevice(item: Node): string | null {
  if (item.kind === 'map') return textAt(item, 'target') ?? textAt(item, 'source')
  const [first, second] = byText(item)?.split(':') ?? []
  return second ?? first ?? null
}

/** `secrets` and `configs`: the file in the container; a relative one is below `folder`. */
export function byFileIn(folder: string): (item: Node) => string | null {
  return (item) => {
    const name = item.kind === 'map' ? (textAt(item, 'target') ?? textAt(item, 'source')) : byText(item)
    if (name === null) return null
    return name.startsWith('/') ? withoutSlash(name) : `${folder}/${name}`
  }
}

/** `ports`: address, published port, target and protocol. */
export function byPort(item: Node): string | null {
  if (item.kind === 'map') return longPort(item)
  const parsed = item.kind === 'scalar' && item.value !== null ? parseShortPort(item.text) : null
  if (!parsed?.ok) return byText(item)
  const { target, published, hostIp, protocol } = parsed.value
  return portKey(hostIp, rangeText(published), rangeText(target), protocol)
}

function longPort(port: MapNode): string | null {
  const target = textAt(port, 'target')
  if (target === null) return null
  return portKey(
    textAt(port, 'host_ip'),
    textAt(port, 'published') ?? '',
    target,
    textAt(port, 'protocol') ?? 'tcp',
  )
}

function portKey(hostIp: string | null, published: string, target: string, protocol: string): string {
  return `${hostIp ?? '0.0.0.0'}|${published === '0' ? '' : published}|${target}/${protocol.toLowerCase()}`
}

function rangeText(range: { from: number; to: number } | null): string {
  if (range === null) return ''
  return range.from === range.to ? String(range.from) : `${range.from}-${range.to}`
}

function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}
