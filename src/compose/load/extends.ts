// Specification, "extends": a service is put over another one, of the same file or of one beside it.
import type { Environment } from '../interpolate.ts'
import { interpolateTree } from '../interpolate-tree.ts'
import { nearest } from '../keys/nearest.ts'
import { mergeFiles, mergeServices } from '../merge/merge.ts'
import { withoutTags } from '../merge/without-tags.ts'
import {
  child,
  type Entry,
  type MapNode,
  mapAt,
  mapNode,
  type Node,
  quote,
  type ScalarNode,
  scalarAt,
  textNode,
} from '../node.ts'
import { keyPath } from '../path.ts'
import { checkPart } from './check-part.ts'
import type { LoadContext } from './load-context.ts'
import { checkDepth, openComposeFile, pathOf } from './open-file.ts'
import { directoryOf } from './project-path.ts'
import { relocateService } from './relocate.ts'

/** A file whose services may be extended. `isReady`: variables are filled in, and paths start at the project directory. */
type Origin = { id: string; label: string; directory: string; services: MapNode; isReady: boolean }

/** `depth`: how many services stand below this one. */
type Resolved = { node: Node | null; depth: number }

/** Which service extends which, from the one that was asked for. */
type Trail = readonly { key: string; name: string }[]

/** The file with every `extends` worked in; one that can't be is reported, and stays. */
export function resolveExtends(
  root: MapNode,
  directory: string,
  environment: Environment,
  context: LoadContext,
): MapNode {
  const services = mapAt(root, 'services')
  if (!services || ![...services.entries.values()].some(({ value }) => isExtending(value))) return root
  const resolver = new ExtendsResolver(environment, context)
  const origin = { id: '', label: 'this file', directory, services, isReady: true }
  const entries = new Map<string, Entry>()
  for (const [name, { at, value }] of services.entries) {
    entries.set(name, {
      at,
      value: isExtending(value) ? (resolver.resolve(origin, name, []) ?? value) : value,
    })
  }
  const value: MapNode = { kind: 'map', at: services.at, entries, ...(services.tag && { tag: services.tag }) }
  return { ...root, entries: new Map(root.entries).set('services', { at: services.at, value }) }
}

function isExtending(service: Node): boolean {
  return service.kind === 'map' && child(service, 'extends') !== null
}

class ExtendsResolver {
  readonly #environment: Environment
  readonly #context: LoadContext
  readonly #origins = new Map<string, Origin | null>()
  readonly #resolved = new Map<string, Resolved>()
  readonly #clean = new Map<Node, Node>()

  constructor(environment: Environment, context: LoadContext) {
    this.#environment = environment
    this.#context = context
  }

  /** The service with what it extends below it; null where there is no such service. */
  resolve(origin: Origin, name: string, trail: Trail): Node | null {
    return this.#resolve(origin, name, trail).node
  }

  #resolve(origin: Origin, name: string, trail: Trail): Resolved {
    const key = `${origin.id}\0${name}`
    const known = this.#resolved.get(key)
    if (known) return known
    const service = this.#prepare(origin, name)
    const isExtended = service?.kind === 'map' && isExtending(service)
    const resolved = isExtended
      ? this.#extend(service, origin, [...trail, { key, name }])
      : { node: service, depth: 0 }
    this.#resolved.set(key, resolved)
    return resolved
  }

  /** `trail` ends with the service itself. */
  #extend(service: MapNode, origin: Origin, trail: Trail): Resolved {
    const name = trail.at(-1)?.name ?? ''
    const keys = ['services', name, 'extends']
    const written = child(service, 'extends')
    checkDepth(trail.length, this.#context, service.at)
    const asked =
      written && written.tag !== 'reset' ? readExtends(checkPart(written, keys, this.#context)) : null
    const base = asked
      ? this.#baseOf(asked, keyPath(keyPath('services', name), 'extends'), origin, trail)
      : null
    if (!base?.node) return { node: service, depth: 0 }
    const depth = base.depth + 1
    checkDepth(depth, this.#context, service.at)
    const entries = new Map(service.entries)
    entries.delete('extends')
    const rest: MapNode = { ...service, entries }
    const below = withoutTags(base.node, this.#clean)
    if (below.kind !== 'map') return { node: rest, depth }
    return { node: withTag(mergeServices(below, rest, name, this.#context), service), depth }
  }

  /** The service that is extended, itself resolved; null, and reported, where it can't be had. */
  #baseOf(asked: Extends, path: string, origin: Origin, trail: Trail): Resolved | null {
    const from = asked.file ? this.#open(asked.file, `${path}.file`, origin) : origin
    if (!from) return null
    const name = asked.service.text
    if (trail.some(({ key }) => key === `${from.id}\0${name}`)) return this.#refuseCycle(asked, path, trail)
    const base = this.#resolve(from, name, trail)
    if (!base.node) this.#refuseUnknown(asked, path, from)
    return base
  }

  /** A service as it stands in its file, ready to be merged. */
  #prepare(origin: Origin, name: string): Node | null {
    const service = child(origin.services, name)
    if (!service || origin.isReady) return service
    const context = { ...this.#context, environment: this.#environment }
    const filled = interpolateTree(service, keyPath('services', name), context)
    return filled.kind === 'map' ? relocateService(filled, origin.directory) : filled
  }

  #open(file: ScalarNode, path: string, from: Origin): Origin | null {
    const found = pathOf(file, path, from.directory, this.#context)
    if (found === null) return null
    const known = this.#origins.get(found)
    if (known !== undefined) return known
    const documents = openComposeFile(found, file, path, this.#context)
    const services = documents && servicesOf(documents, this.#context)
    const directory = directoryOf(found)
    const origin = services && { id: found, label: `\`${found}\``, directory, services, isReady: false }
    this.#origins.set(found, origin)
    return origin
  }

  #refuseCycle(asked: Extends, path: string, trail: Trail): null {
    const names = [...trail.map(({ name }) => name), asked.service.text].slice(0, 12).join(' -> ')
    const message = `The services extend each other (${names}): remove one \`extends\`.`
    this.#context.reporter.report({ code: 'EXTENDS_CYCLE', path, message, at: asked.service.at })
    return null
  }

  #refuseUnknown(asked: Extends, path: string, from: Origin): void {
    const near = nearest(asked.service.text, from.services.entries.keys())
    const advice = near === null ? 'add it, or remove `extends`.' : `did you mean \`${near}\`?`
    const message = `There is no service ${quote(asked.service)} in ${from.label} to extend: ${advice}`
    this.#context.reporter.report({ code: 'UNKNOWN_EXTENDED_SERVICE', path, message, at: asked.service.at })
  }
}

/** The services of an extended file, all of its documents together. */
function servicesOf(documents: readonly Node[], context: LoadContext): MapNode {
  const maps = documents.filter((document) => document.kind === 'map')
  const whole = maps.reduce<MapNode>((base, over) => mergeFiles(base, over, context), mapNode([], -1))
  return mapAt(whole, 'services') ?? mapNode([], -1)
}

type Extends = { service: ScalarNode; file: ScalarNode | null }

function readExtends(node: Node | null): Extends | null {
  if (node?.kind === 'scalar')
    return node.value === null ? null : { service: textNode(node.text, node.at, node.written), file: null }
  if (node?.kind !== 'map') return null
  const service = scalarAt(node, 'service')
  return service && { service, file: scalarAt(node, 'file') }
}

/** What a service does to the files before its own stays said. */
function withTag(merged: MapNode, service: MapNode): MapNode {
  return service.tag ? { ...merged, tag: service.tag } : merged
}
