// The front end: the text of a Compose file -> a SystemSpec, or what is wrong with it. A list of passes over one draft.
import type { Positions, Problem } from '../problem.ts'
import { normaliseProjectName } from '../system/names.ts'
import type { SystemSpec } from '../system/spec.ts'
import { buildSpec } from './build/build-spec.ts'
import { makeCanonical } from './canonical/table.ts'
import { CHECKS } from './checks/table.ts'
import { type Environment, interpolate } from './interpolate.ts'
import { interpolateTree } from './interpolate-tree.ts'
import { checkKeys } from './keys/check-keys.ts'
import { toGrammar } from './keys/grammar.ts'
import { KEYS } from './keys/table.ts'
import { type ComposeLimits, DEFAULT_LIMITS } from './limits.ts'
import { type MapNode, type Node, scalarAt } from './node.ts'
import { positionsOf } from './positions.ts'
import { ReadError } from './read/read-error.ts'
import { readJson } from './read/read-json.ts'
import { readYaml } from './read/read-yaml.ts'
import { createReporter, type Reporter } from './report.ts'
import { createSources, type Sources } from './sources.ts'

export type ComposeInput = {
  /** A Compose file as text or as JSON, or a list of one of them. */
  compose: unknown
  /** What `${NAME}` resolves from; nothing else does. */
  env: Readonly<Record<string, string>>
  /** How Problems call the file; `compose.yaml` when left out. */
  fileName?: string
  /** The system's name where it is known already; it wins over the file's `name` in `${COMPOSE_PROJECT_NAME}`. */
  systemName?: string
  /** The system's name where neither that nor the file's `name` says one. */
  fallbackName?: string
}

/**
 * `spec` is null exactly when a problem is an error. `positions` is empty for JSON; it is worked out when it is first
 * read, since most files have no problem to place.
 */
export type ParsedCompose = { spec: SystemSpec | null; positions: Positions; problems: Problem[] }

/** Reads, checks and completes a Compose file. Pure; takes time and memory in proportion to the input, within `limits`. */
export function parseCompose(input: ComposeInput, limits: ComposeLimits = DEFAULT_LIMITS): ParsedCompose {
  const draft = createDraft(input, limits)
  try {
    for (const pass of PASSES) pass.run(draft)
  } catch (error) {
    if (!(error instanceof ReadError)) throw error
    draft.reporter.report({ code: error.code, path: '', message: error.message, at: error.at })
  }
  const { reporter, sources, spec } = draft
  const positions = once(() => positionsOf(draft.written, sources))
  return {
    spec: reporter.hasErrors() ? null : spec,
    problems: reporter.problems(sources, positions),
    get positions() {
      return positions()
    },
  }
}

/** What the passes make, step by step. `written` is the file with its variables filled in, `root` what is left of it. */
type Draft = {
  input: ComposeInput
  limits: ComposeLimits
  sources: Sources
  reporter: Reporter
  environment: Environment
  written: Node
  root: MapNode
  spec: SystemSpec | null
}

type Pass = { about: string; run(draft: Draft): void }

export const PASSES: readonly Pass[] = [
  { about: 'text or JSON becomes a tree with places', run: readTree },
  { about: 'the project name is known to variables', run: nameProject },
  { about: 'variables are filled in', run: fillVariables },
  { about: 'known keys in known forms stay, cast to their type', run: keepKnownKeys },
  { about: 'short forms become long forms', run: useLongForms },
  { about: 'long forms become the model', run: buildModel },
  { about: 'the whole is consistent', run: checkWhole },
  { about: 'optional dependencies that are not there are left out', run: dropAbsentDependencies },
]

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

const GRAMMAR = toGrammar(KEYS)

function createDraft(input: ComposeInput, limits: ComposeLimits): Draft {
  const empty: MapNode = { kind: 'map', at: -1, entries: new Map() }
  return {
    input,
    limits,
    sources: createSources(),
    reporter: createReporter(limits.problems),
    environment: input.env,
    written: empty,
    root: empty,
    spec: null,
  }
}

function readTree(draft: Draft): void {
  const { input, limits } = draft
  const files: unknown[] = Array.isArray(input.compose) ? input.compose : [input.compose]
  if (files.length > 1) {
    throw new ReadError('NOT_SUPPORTED_YET', 'Several Compose files are not supported yet: send one.', -1)
  }
  const [file] = files
  draft.written =
    typeof file === 'string'
      ? readYaml(input.fileName ?? 'compose.yaml', file, draft)
      : readJson(file ?? {}, limits)
}

/** Specification, "Interpolation": `COMPOSE_PROJECT_NAME` is the project's name. */
function nameProject(draft: Draft): void {
  const { input, written } = draft
  const given = written.kind === 'map' ? scalarAt(written, 'name') : null
  const filled = given ? interpolate(given.text, input.env, draft.limits.interpolatedCharacters) : null
  const fromFile = filled?.ok ? normaliseProjectName(filled.text) : ''
  const name = input.systemName ?? (fromFile || input.fallbackName)
  if (name) draft.environment = { ...input.env, COMPOSE_PROJECT_NAME: name }
}

function fillVariables(draft: Draft): void {
  draft.written = interpolateTree(draft.written, '', draft)
}

function keepKnownKeys(draft: Draft): void {
  const root = checkKeys(draft.written, GRAMMAR, draft.reporter)
  if (root) draft.root = root
}

function useLongForms(draft: Draft): void {
  makeCanonical(draft.root, draft)
}

function buildModel(draft: Draft): void {
  draft.spec = buildSpec(draft.root, draft)
}

function checkWhole(draft: Draft): void {
  const { spec, written, root, reporter, limits } = draft
  if (!spec || written.kind !== 'map') return
  for (const { check } of CHECKS) check({ spec, written, root, reporter, limits })
}

function dropAbsentDependencies({ spec }: Draft): void {
  if (!spec) return
  for (const service of Object.values(spec.services)) {
    const present = Object.entries(service.dependsOn).filter(([name]) => Object.hasOwn(spec.services, name))
    service.dependsOn = Object.fromEntries(present)
  }
}
