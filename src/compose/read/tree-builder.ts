// Builds the tree from YAML events: anchors, aliases, merge keys, duplicate keys, tags. Linear in the input and in what
// its aliases stand for, of which a budget is kept: the size of an aliased tree is known without walking it.
import {
  type AliasEvent,
  EVENT_ID,
  type Event,
  getScalarValue,
  type MappingEvent,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml'
import type { ComposeLimits } from '../limits.ts'
import type { Meter } from '../meter.ts'
import type { ListNode, Node, ScalarNode } from '../node.ts'
import { itemPath, keyPath } from '../path.ts'
import type { Reporter } from '../report.ts'
import type { Sources } from '../sources.ts'
import { offsetOf } from './event-offset.ts'
import { type MapComplaint, MapFrame, wordsOf } from './map-frame.ts'
import { ReadError, tooDeep, tooManyAliases } from './read-error.ts'
import { isSurelyText, resolvePlain, resolveTagged } from './yaml-scalar.ts'
import { readTag } from './yaml-tag.ts'

export type ReadContext = { sources: Sources; limits: ComposeLimits; reporter: Reporter; meter: Meter }

/** A node with the number of nodes and levels that it stands for, aliases expanded. */
type Weighed = { node: Node; size: number; depth: number }

type ListFrame = { node: ListNode; anchor: string | null; size: number; depth: number }

type Frame = MapFrame | ListFrame

export class TreeBuilder {
  readonly #source: string
  readonly #base: number
  readonly #context: ReadContext
  readonly #frames: Frame[] = []
  /** null while the anchored collection is still open. */
  readonly #anchors = new Map<string, Weighed | null>()
  #root: Node | null = null

  constructor(source: string, base: number, context: ReadContext) {
    this.#source = source
    this.#base = base
    this.#context = context
  }

  /** The root, or null for an empty document. Reports what can be told apart, throws ReadError at what can't. */
  build(events: readonly Event[]): Node | null {
    events.forEach((event) => {
      this.#take(event)
    })
    return this.#root
  }

  #take(event: Event): void {
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        break
      case EVENT_ID.SCALAR:
        this.#takeScalar(event)
        break
      case EVENT_ID.SEQUENCE:
      case EVENT_ID.MAPPING:
        this.#open(event)
        break
      case EVENT_ID.ALIAS:
        this.#takeAlias(event)
        break
      case EVENT_ID.POP:
        this.#close()
        break
      default:
        event satisfies never
    }
  }

  #takeScalar(event: ScalarEvent): void {
    const text = getScalarValue(this.#source, event)
    if (this.#takeName(event, text)) return
    const tag = this.#slice(event.tagStart, event.tagEnd)
    const isPlain = event.style === SCALAR_STYLE.PLAIN
    const node = tag === null ? this.#untagged(event, text, isPlain) : this.#tagged(tag, event, text, isPlain)
    const anchor = this.#slice(event.anchorStart, event.anchorEnd)
    if (anchor !== null) this.#anchors.set(anchor, { node, size: 1, depth: 0 })
    this.#add(node, 1, 0, isPlain && tag === null && text === '<<')
  }

  /** Most keys are plain text, for which no node is made. */
  #takeName(event: ScalarEvent, text: string): boolean {
    const frame = this.#frames.at(-1)
    if (!(frame instanceof MapFrame) || frame.pendingName !== null) return false
    if (event.style !== SCALAR_STYLE.PLAIN || event.tagStart !== -1 || event.anchorStart !== -1) return false
    if (!isSurelyText(text)) return false
    frame.size += 1
    frame.takeName(text, this.#placeOf(event), text === '<<')
    return true
  }

  #untagged(event: ScalarEvent, text: string, isPlain: boolean): ScalarNode {
    const at = this.#placeOf(event)
    return isPlain ? resolvePlain(text, at) : { kind: 'scalar', at, value: text, text }
  }

  #tagged(written: string, event: ScalarEvent, text: string, isPlain: boolean): Node {
    const at = this.#placeOf(event)
    const tag = readTag(written)
    if (tag?.kind === 'merge') {
      this.#context.meter.mergeTags += 1
      return { ...this.#untagged(event, text, isPlain), tag: tag.tag }
    }
    if (tag?.kind === 'list' && text === '') return { kind: 'list', at, items: [] }
    if (tag?.kind === 'map' && text === '') return { kind: 'map', at, entries: new Map() }
    const node = tag?.kind === 'scalar' ? resolveTagged(tag.tag, text, at) : null
    if (node) return node
    this.#reportTag(written, at)
    return this.#untagged(event, text, isPlain)
  }

  #open(event: SequenceEvent | MappingEvent): void {
    const at = this.#placeOf(event)
    const written = this.#slice(event.tagStart, event.tagEnd)
    const kind = event.type === EVENT_ID.SEQUENCE ? 'list' : 'map'
    const node: Node = kind === 'list' ? { kind, at, items: [] } : { kind, at, entries: new Map() }
    const tag = written === null ? undefined : readTag(written)
    if (tag?.kind === 'merge') {
      this.#context.meter.mergeTags += 1
      node.tag = tag.tag
    } else if (written !== null && written !== '!' && tag?.kind !== kind) this.#reportTag(written, at)
    const anchor = this.#slice(event.anchorStart, event.anchorEnd)
    if (anchor !== null) this.#anchors.set(anchor, null)
    this.#frames.push(node.kind === 'map' ? new MapFrame(node, anchor) : { node, anchor, size: 1, depth: 1 })
  }

  #close(): void {
    const frame = this.#frames.pop()
    if (!frame) return
    const { node, size, depth } = frame
    if (depth > this.#context.limits.depth) throw tooDeep(this.#context.limits, node.at)
    if (frame.anchor !== null) this.#anchors.set(frame.anchor, { node, size, depth })
    this.#add(node, size, depth, false)
  }

  #takeAlias(event: AliasEvent): void {
    const name = this.#slice(event.anchorStart, event.anchorEnd) ?? ''
    const at = this.#placeOf(event)
    const target = this.#anchors.get(name)
    if (target === undefined) {
      throw new ReadError(
        'INVALID_YAML',
        `There is no anchor \`&${name}\` before this alias: define it first.`,
        at,
      )
    }
    if (target === null) {
      throw new ReadError(
        'INVALID_YAML',
        `The alias \`*${name}\` stands inside its own anchor: write it out.`,
        at,
      )
    }
    this.#charge(target.size, at)
    this.#add(target.node, target.size, target.depth, false)
  }

  #charge(nodes: number, at: number): void {
    const { meter, limits } = this.#context
    meter.aliasNodes += nodes
    if (meter.aliasNodes > limits.aliasNodes) throw tooManyAliases(limits, at)
  }

  #add(node: Node, size: number, depth: number, isMerge: boolean): void {
    const frame = this.#frames.at(-1)
    if (!frame) {
      this.#root = node
      return
    }
    frame.size += size
    if (depth >= frame.depth) frame.depth = depth + 1
    if (frame instanceof MapFrame) this.#addToMap(frame, node, size, isMerge)
    else frame.node.items.push(node)
  }

  #addToMap(map: MapFrame, node: Node, size: number, isMerge: boolean): void {
    if (map.isMerging) this.#charge(size, node.at)
    const complaint = map.pendingName === null ? map.takeKey(node, isMerge) : map.takeValue(node)
    if (complaint) this.#complain(complaint)
  }

  #complain(complaint: MapComplaint): void {
    const { code, message } = wordsOf(complaint, (at) => this.#context.sources.positionOf(at)?.line)
    const path = complaint.kind === 'duplicate-key' ? keyPath(this.#path(), complaint.name) : this.#path()
    this.#context.reporter.report({ code, path, message, at: complaint.at })
  }

  #reportTag(written: string, at: number): void {
    const message = `Compose has no tag \`${written}\` here: remove it.`
    this.#context.reporter.report({ code: 'UNKNOWN_TAG', path: this.#path(), message, at })
  }

  /** The path of the node that is being read. */
  #path(): string {
    let path = ''
    for (const frame of this.#frames) {
      if (frame instanceof MapFrame)
        path = frame.pendingName === null ? path : keyPath(path, frame.pendingName)
      else path = itemPath(path, frame.node.items.length)
    }
    return path
  }

  /** A node without text (`key:`) is where its key is. */
  #placeOf(event: Event): number {
    const offset = offsetOf(event)
    if (offset >= 0) return this.#base + offset
    const frame = this.#frames.at(-1)
    return frame instanceof MapFrame ? frame.pendingAt : (frame?.node.at ?? this.#base)
  }

  #slice(start: number, end: number): string | null {
    return start === -1 ? null : this.#source.slice(start, end)
  }
}
