// Short ways to ask the front end about several files.
import { DEFAULT_LIMITS } from '../../src/compose/limits.ts'
import type { RequestFiles } from '../../src/compose/load/project-files.ts'
import { mergeFiles } from '../../src/compose/merge/merge.ts'
import { withoutTags } from '../../src/compose/merge/without-tags.ts'
import { createMeter } from '../../src/compose/meter.ts'
import { type Node, toPlain } from '../../src/compose/node.ts'
import {
  type ComposeInput,
  PASSES,
  type ParsedCompose,
  type Pass,
  parseCompose,
} from '../../src/compose/parse.ts'
import { readYaml } from '../../src/compose/read/read-yaml.ts'
import { createReporter } from '../../src/compose/report.ts'
import { createSources } from '../../src/compose/sources.ts'
import type { ServiceSpec, SystemSpec } from '../../src/system/spec.ts'
import { toLine } from './kit.ts'

type Rest = Partial<Omit<ComposeInput, 'compose'>>

export function load(
  compose: unknown,
  files: RequestFiles = {},
  rest: Rest = {},
  passes: readonly Pass[] = PASSES,
): ParsedCompose {
  return parseCompose({ compose, files, env: {}, ...rest }, DEFAULT_LIMITS, passes)
}

/** The spec of files that must be accepted. */
export function loaded(compose: unknown, files: RequestFiles = {}, rest: Rest = {}): SystemSpec {
  const { spec, problems } = load(compose, files, rest)
  if (!spec) throw new Error(problems.map(toLine).join('\n'))
  return spec
}

/** One of its services. */
export function serviceOf(spec: SystemSpec, name = 'web'): ServiceSpec {
  const service = spec.services[name]
  if (!service) throw new Error(`there is no service ${name}`)
  return service
}

/** `file:line:column CODE path` of every problem. */
export function troubles(compose: unknown, files: RequestFiles = {}, rest: Rest = {}): string[] {
  return load(compose, files, rest).problems.map(
    ({ file, line, column, code, path }) => `${file}:${line}:${column} ${code} ${path}`,
  )
}

export function troubleCodes(compose: unknown, files: RequestFiles = {}, rest: Rest = {}): string[] {
  return load(compose, files, rest).problems.map(({ code }) => code)
}

/** Two texts merged, as plain data, with what merging has to say; no other rule of Compose is asked. */
export function merged(base: string, over: string): { merged: unknown; problems: string[] } {
  const reporter = createReporter(DEFAULT_LIMITS.problems)
  const sources = createSources()
  const context = { reporter, sources, limits: DEFAULT_LIMITS, meter: createMeter() }
  const [one, other] = [base, over].map((text) => readYaml('', text, context)[0])
  if (one?.kind !== 'map' || other?.kind !== 'map') throw new Error('both must be maps')
  const node: Node = withoutTags(mergeFiles(one, other, context), new Map())
  const problems = reporter.problems(sources, () => ({})).map(({ code, path }) => `${code} ${path}`)
  return { merged: toPlain(node), problems }
}
