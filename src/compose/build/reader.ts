// Reads the values of one map in long form: typed, checked, and reported at their place where they can't be read.
import type { Extensions } from '../../system/spec.ts'
import {
  booleanAt,
  child,
  listAt,
  type MapNode,
  mapAt,
  numberAt,
  recordOf,
  scalarAt,
  textAt,
} from '../node.ts'
import { itemPath, keyPath } from '../path.ts'
import { parseBytes } from '../values/bytes.ts'
import { parseDurationMs } from '../values/duration.ts'
import { parseMode } from '../values/mode.ts'
import { type BuildContext, reportInvalid } from './build-context.ts'
import { buildExtensions } from './build-extensions.ts'

/** `least` and `most` are allowed themselves; `also` is one more number that is. */
export type Bounds = { least?: number; most?: number; also?: number }

const NO_BOUNDS: Bounds = {}

/** Every method answers null, or nothing, for a key that is not there or can't be read. */
export class Reader {
  readonly map: MapNode | null
  readonly context: BuildContext
  readonly #parent: Reader | null
  readonly #step: string | number

  /** `parent` and `step`: whose value at which key, or whose item; without them, the root. */
  constructor(
    map: MapNode | null,
    context: BuildContext,
    parent: Reader | null = null,
    step: string | number = '',
  ) {
    this.map = map
    this.context = context
    this.#parent = parent
    this.#step = step
  }

  /** Put together when it is asked for: most values have no problem. */
  get path(): string {
    if (!this.#parent) return ''
    const { path } = this.#parent
    return typeof this.#step === 'number' ? itemPath(path, this.#step) : keyPath(path, this.#step)
  }

  has(key: string): boolean {
    return child(this.map, key) !== null
  }

  text(key: string): string | null {
    return textAt(this.map, key)
  }

  boolean(key: string): boolean | null {
    return booleanAt(this.map, key)
  }

  number(
    key: string,
    { least = 0, most = Number.MAX_SAFE_INTEGER, also }: Bounds = NO_BOUNDS,
  ): number | null {
    const value = numberAt(this.map, key)
    if (value === null || value === also || (value >= least && value <= most)) return value
    const range = most === Number.MAX_SAFE_INTEGER ? `at least ${least}` : `from ${least} to ${most}`
    return this.invalid(key, `it must be ${range}`)
  }

  /** Bytes; `also` -1 where that means no limit. */
  bytes(key: string, { also }: Bounds = NO_BOUNDS): number | null {
    if (also !== undefined && this.text(key) === String(also)) return also
    return this.parsed(key, parseBytes, 'a size is a number and a unit, as `512m` or `1.5g`')
  }

  durationMs(key: string): number | null {
    return this.parsed(key, parseDurationMs, 'a duration has a number and a unit, as `90s` or `1m30s`')
  }

  /** Permission bits: a number as it is (`0440` is octal in YAML), a text in octal. */
  mode(key: string): number | null {
    const node = scalarAt(this.map, key)
    if (typeof node?.value === 'number') return this.number(key, { most: 0o7777 })
    return this.parsed(key, parseMode, 'permissions are octal digits, as `0440`')
  }

  oneOf<Word extends string>(key: string, words: readonly Word[]): Word | null {
    const node = scalarAt(this.map, key)
    if (!node) return null
    const found = words.find((word) => word === node.text)
    return found ?? this.invalid(key, `it must be one of ${words.map((word) => `\`${word}\``).join(', ')}`)
  }

  /** What `parse` makes of the text; `rule` says how it should be where that is null. */
  parsed<T>(key: string, parse: (text: string) => T | null, rule: string): T | null {
    const node = scalarAt(this.map, key)
    if (!node) return null
    return parse(node.text) ?? this.invalid(key, rule)
  }

  /** Reports the value at `key`; `rule` ends the sentence. */
  invalid(key: string, rule: string): null {
    const node = scalarAt(this.map, key)
    if (node) reportInvalid(this.context, keyPath(this.path, key), node, rule)
    return null
  }

  texts(key: string): string[] {
    const list = listAt(this.map, key)
    if (!list) return []
    return list.items.flatMap((item) => (item.kind === 'scalar' && item.value !== null ? [item.text] : []))
  }

  /** null where the key is not there; a list may be empty. */
  textsOrNull(key: string): string[] | null {
    return listAt(this.map, key) ? this.texts(key) : null
  }

  /** Texts of a list, each as `parse` reads it. */
  parsedTexts<T>(key: string, parse: (text: string) => T | null, rule: string): T[] {
    const list = listAt(this.map, key)
    if (!list) return []
    return list.items.flatMap((item, index) => {
      if (item.kind !== 'scalar' || item.value === null) return []
      const value = parse(item.text)
      if (value !== null) return [value]
      reportInvalid(this.context, itemPath(keyPath(this.path, key), index), item, rule)
      return []
    })
  }

  /** Names and texts; a name without a value has an empty one. */
  textMap(key: string): Record<string, string> {
    return recordOf(mapAt(this.map, key), ({ value }) => (value.kind === 'scalar' ? value.text : undefined))
  }

  /** Names and texts; a name without a value takes the request's, and is left out where there is none. */
  variables(key: string): Record<string, string> {
    const { environment } = this.context
    return recordOf(mapAt(this.map, key), ({ value }, name) => {
      if (value.kind !== 'scalar') return undefined
      if (value.value !== null) return value.text
      return Object.hasOwn(environment, name) ? environment[name] : undefined
    })
  }

  /** The map at `key`; of nothing where there is none. */
  below(key: string): Reader {
    return new Reader(mapAt(this.map, key), this.context, this, key)
  }

  /** The maps of a list. */
  items(key: string): Reader[] {
    return this.list(key, (item) => item)
  }

  /** What `build` makes of each map of a list, but for nulls. */
  list<T>(key: string, build: (reader: Reader) => T | null): T[] {
    const list = listAt(this.map, key)
    if (!list) return []
    const inList = new Reader(null, this.context, this, key)
    const built: T[] = []
    list.items.forEach((item, index) => {
      const value = item.kind === 'map' ? build(new Reader(item, this.context, inList, index)) : null
      if (value !== null) built.push(value)
    })
    return built
  }

  /** A record with what `build` makes of each name of a map, but for undefined. */
  record<T>(key: string, build: (reader: Reader, name: string) => T | undefined): Record<string, T> {
    const map = mapAt(this.map, key)
    if (!map) return {}
    const inMap = new Reader(map, this.context, this, key)
    return recordOf(map, ({ value }, name) =>
      build(new Reader(value.kind === 'map' ? value : null, this.context, inMap, name), name),
    )
  }

  extensions(): Extensions {
    return this.map ? buildExtensions(this.map) : {}
  }

  /** Reports that `key` has to be there, unless what stands there is reported already. */
  missing(key: string, advice: string): void {
    const { reporter } = this.context
    if (reporter.hasErrorAt(keyPath(this.path, key))) return
    const message = `\`${this.path}\` needs \`${key}\`: ${advice}.`
    const at = this.map?.at
    reporter.report({ code: 'MISSING_KEY', path: this.path, message, ...(at !== undefined && { at }) })
  }
}
