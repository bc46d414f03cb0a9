// Masks the values of a YAML or JSON text whose keys are called like secrets; every other character stays where it is.
import { type AliasEvent, EVENT_ID, type Event, getScalarValue, parseEvents, type ScalarEvent } from 'js-yaml'
import { maskWhole } from '../../system/mask-values.ts'
import { isReference, isSecretName } from '../../system/secret-values.ts'
import { DEFAULT_LIMITS } from '../limits.ts'

type Range = readonly [start: number, end: number]

/** `key` null: a list, or a map that waits for its next key. */
type Frame = { isMap: boolean; key: string | null }

/** Most files have none of these, and need no reading. */
const NAMED = /pass|pwd|secret|token|credential|key/i

/** Throws YAMLException on what is no YAML. */
export function maskYaml(text: string): string {
  if (!NAMED.test(text)) return text
  let masked = ''
  let done = 0
  for (const [start, end] of secretRanges(text).sort(([a], [b]) => a - b)) {
    if (start < done) continue
    masked += text.slice(done, start) + maskWhole(text.slice(start, end))
    done = end
  }
  return masked + text.slice(done)
}

function secretRanges(text: string): Range[] {
  const walk = new Walk(text)
  for (const event of parseEvents(text, { maxDepth: DEFAULT_LIMITS.depth })) walk.take(event)
  return walk.ranges
}

class Walk {
  readonly ranges: Range[] = []
  readonly #text: string
  readonly #frames: Frame[] = []
  readonly #anchors = new Map<string, Range>()

  constructor(text: string) {
    this.#text = text
  }

  take(event: Event): void {
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        break
      case EVENT_ID.SCALAR:
        this.#takeScalar(event)
        break
      case EVENT_ID.ALIAS:
        this.#takeAlias(event)
        break
      case EVENT_ID.SEQUENCE:
      case EVENT_ID.MAPPING:
        this.#frames.push({ isMap: event.type === EVENT_ID.MAPPING, key: null })
        break
      case EVENT_ID.POP:
        this.#frames.pop()
        this.#valueDone('')
        break
      default:
        event satisfies never
    }
  }

  #takeScalar(event: ScalarEvent): void {
    const value = getScalarValue(this.#text, event)
    const range: Range = [event.valueStart, event.valueEnd]
    if (event.anchorStart !== -1)
      this.#anchors.set(this.#text.slice(event.anchorStart, event.anchorEnd), range)
    if (this.#isSecret()) this.#mask(range)
    else this.#maskAssigned(value, range)
    this.#valueDone(value)
  }

  #takeAlias(event: AliasEvent): void {
    const range = this.#anchors.get(this.#text.slice(event.anchorStart, event.anchorEnd))
    if (range && this.#isSecret()) this.#mask(range)
    this.#valueDone('')
  }

  #isSecret(): boolean {
    const key = this.#frames.at(-1)?.key
    return typeof key === 'string' && isSecretName(key)
  }

  /** `- PASSWORD=one two`: all of the item that follows. */
  #maskAssigned(value: string, [start, end]: Range): void {
    const at = value.indexOf('=')
    if (at <= 0 || !/^[-\w.]+$/.test(value.slice(0, at)) || !isSecretName(value.slice(0, at))) return
    this.#mask([this.#text.indexOf('=', start) + 1, end])
  }

  #mask([start, end]: Range): void {
    if (start >= 0 && end > start && !isReference(this.#text.slice(start, end)))
      this.ranges.push([start, end])
  }

  /** In a map, key and value take turns. */
  #valueDone(text: string): void {
    const frame = this.#frames.at(-1)
    if (frame?.isMap) frame.key = frame.key === null ? text : null
  }
}
