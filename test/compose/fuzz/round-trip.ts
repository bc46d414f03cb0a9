// A file, printed in canonical form, read again.
import { isDeepStrictEqual } from 'node:util'
import { type ComposeInput, type ParsedCompose, parseCompose } from '../../../src/compose/parse.ts'
import { printCanonical } from '../../../src/compose/print/print-canonical.ts'
import type { SystemSpec } from '../../../src/system/spec.ts'
import { toLine } from '../kit.ts'

/** What is wrong with printing and reading an accepted file again, or null. */
export function roundTripFault(input: ComposeInput, parsed: ParsedCompose): string | null {
  for (const format of ['yaml', 'json'] as const) {
    const text = printCanonical(parsed.canonical, format)
    const compose = format === 'json' ? JSON.parse(text) : text
    const { files: _, ...surroundings } = input
    const again = parseCompose({ ...surroundings, compose, fileNames: ['printed'] })
    if (!again.spec) {
      const problems = again.problems.filter(({ severity }) => severity === 'error').map(toLine)
      return `${format} is refused: ${problems.join('\n')}\n${text}`
    }
    const [before, after] = [named(parsed.spec, input), named(again.spec, input)]
    if (!isDeepStrictEqual(before, after)) return `${format} differs: ${difference(before, after)}\n${text}`
  }
  return null
}

/**
 * A printed file says the project's name, where the one that was read may have left it to the request. The files that came
 * with the request are none of its own.
 */
function named(spec: SystemSpec | null, { fallbackName }: ComposeInput): unknown {
  return spec && { ...spec, files: {}, name: spec.name ?? fallbackName ?? null }
}

/** The first place where two values differ. */
function difference(one: unknown, other: unknown, path = ''): string {
  if (isMap(one) && isMap(other)) {
    for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
      if (!isDeepStrictEqual(one[key], other[key])) return difference(one[key], other[key], `${path}.${key}`)
    }
  }
  return `${path}: ${JSON.stringify(one)} became ${JSON.stringify(other)}`
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
