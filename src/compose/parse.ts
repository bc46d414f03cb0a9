// The front end: the text of a Compose file -> a SystemSpec, or what is wrong with it. A list of passes over one draft.
import type { Positions, Problem } from '../problem.ts'
import type { CheckExtension } from '../system/extensions.ts'
import { looksMadeUp, namedValues, secretValuesIn, secretValuesOf } from '../system/secret-values.ts'
import type { SystemSpec } from '../system/spec.ts'
import { buildSpec } from './build/build-spec.ts'
import { keepFiles } from './build/keep-files.ts'
import { leaveOutUnused } from './build/leave-out-unused.ts'
import { leaveOutImplied } from './canonical/leave-out-implied.ts'
import { makeCanonical } from './canonical/table.ts'
import { CHECKS } from './checks/table.ts'
import type { Environment } from './interpolate.ts'
import { checkKeys } from './keys/check-keys.ts'
import { toGrammar } from './keys/grammar.ts'
import { KEYS } from './keys/table.ts'
import { type ComposeLimits, DEFAULT_LIMITS } from './limits.ts'
import { readEnvFiles } from './load/env-files.ts'
import type { LoadContext } from './load/load-context.ts'
import { loadProject } from './load/load-project.ts'
import { profilesOf, selectProfiles } from './load/profiles.ts'
import { nameIn, withDotenv } from './load/project-environment.ts'
import { createProjectFiles, type RequestFiles } from './load/project-files.ts'
import { readRequest } from './load/read-request.ts'
import { maskProblems } from './mask/mask-problems.ts'
import { createMeter, type Meter } from './meter.ts'
import type { MapNode, Node } from './node.ts'
import { positionsOf } from './positions.ts'
import { ReadError } from './read/read-error.ts'
import { createReporter } from './report.ts'
import { createSources } from './sources.ts'

export type ComposeInput = {
  /** A Compose file as text or as JSON, or a list of these, merged in order. */
  compose: unknown
  /** What `${NAME}` resolves from; `.env` among `files` comes second, and nothing else counts. */
  env: Readonly<Record<string, string>>
  /** The files beside the first Compose file, whose folder is the project directory: path from there -> content. */
  files?: RequestFiles
  /** The profiles that are on; `*` is all. Left out: those that the variable `COMPOSE_PROFILES` names. */
  profiles?: readonly string[]
  /** How Problems call the files; when left out, `compose.yaml`, or `compose[0]`, `compose[1]`… */
  fileNames?: readonly string[]
  /** The system's name where it is known already; it wins over the file's `name` in `${COMPOSE_PROJECT_NAME}`. */
  systemName?: string
  /** The system's name where neither that nor the file's `name` says one. */
  fallbackName?: string
  /** The orchestrator's own check of the `x-*` keys that it reads; left out: they are carried as they are. */
  checkExtension?: CheckExtension
}

/**
 * `spec` is null exactly when a problem is an error. `positions` is empty for JSON; it is worked out when it is first
 * read, since most files have no problem to place.
 */
export type ParsedCompose = {
  spec: SystemSpec | null
  positions: Positions
  problems: Problem[]
  /** The file in long forms, of which `spec` is made; `printCanonical` prints it. */
  canonical: { root: MapNode; environment: Environment }
  /** All files as one, with their variables filled in, before anything of it was read. */
  written: MapNode
  /** The values of all variables that are called like secrets, whether the file uses them or not. */
  namedValues: ReadonlySet<string>
  /** Paths that were looked for among the files and are not there; whoever has them may send them along. */
  filesWanted: string[]
  /** Folders of builds of which nothing is there, and which the system can't be made without. */
  foldersWanted: string[]
  /** Whether the system's name had a part in it; if not, the same files are read the same under any other name. */
  dependsOnName: boolean
  /** What it has cost. */
  meter: Meter
}

/**
 * Reads, checks and completes a Compose file. Pure; takes time and memory in proportion to the input, within `limits`.
 * `passes`: what is done; some of `PASSES` where only a part of the work is asked for.
 */
export function parseCompose(
  input: ComposeInput,
  limits: ComposeLimits = DEFAULT_LIMITS,
  passes: readonly Pass[] = PASSES,
): ParsedCompose {
  const draft = createDraft(input, limits)
  try {
    for (const pass of passes) pass.run(draft)
  } catch (error) {
    if (!(error instanceof ReadError)) throw error
    draft.reporter.report({ code: error.code, path: '', message: error.message, at: error.at })
  }
  const { reporter, sources, spec } = draft
  const positions = once(() => positionsOf([draft.written, draft.root], sources))
  return {
    spec: reporter.hasErrors() ? null : spec,
    problems: maskProblems(reporter.problems(sources, positions), () => secretsOf(draft)),
    canonical: { root: draft.root, environment: draft.environment },
    written: draft.written,
    namedValues: draft.namedValues,
    filesWanted: draft.files.wanted(),
    foldersWanted: draft.files.foldersWanted(),
    dependsOnName: draft.dependsOnName,
    meter: draft.meter,
    get positions() {
      return positions()
    },
  }
}

/**
 * What the passes make, step by step. `written` is all files merged, with their variables filled in, `root` what is left
 * of it.
 */
type Draft = LoadContext & {
  input: ComposeInput
  environment: Environment
  dependsOnName: boolean
  trees: Node[]
  written: MapNode
  root: MapNode
  spec: SystemSpec | null
}

export type Pass = { about: string; run(draft: Draft): void }

export const PASSES: readonly Pass[] = [
  { about: 'the files of the request are found by their paths', run: takeFiles },
  { about: 'text or JSON becomes a tree with places', run: readTrees },
  { about: 'variables of `.env` and the project name are known', run: knowVariables },
  { about: 'the files become one, with all that they extend and include', run: mergeTrees },
  { about: 'known keys in known forms stay, cast to their type', run: keepKnownKeys },
  { about: 'short forms become long forms', run: useLongForms },
  { about: 'services whose profiles are off are left out', run: leaveOutServices },
  { about: 'files of variables and labels are read', run: readVariables },
  { about: 'what is so anyway is left out', run: leaveOutWhatIsImplied },
  { about: 'long forms become the model', run: buildModel },
  { about: 'the whole is consistent', run: checkWhole },
  { about: 'optional dependencies that are not there are left out', run: dropAbsentDependencies },
  { about: 'what no service uses is left out', run: leaveOutWhatIsUnused },
  { about: 'files that services find in their containers are kept', run: keepWhatIsMounted },
  { about: 'secrets among the variables are known wherever they stand', run: noteSecrets },
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
  const reporter = createReporter(limits.problems)
  return {
    input,
    limits,
    sources: createSources(),
    reporter,
    files: createProjectFiles({}, limits, reporter),
    meter: createMeter(),
    grammar: GRAMMAR,
    documents: new Map(),
    namedValues: new Set(namedValues(input.env)),
    environment: input.env,
    dependsOnName: false,
    trees: [],
    written: empty,
    root: empty,
    spec: null,
  }
}

function takeFiles(draft: Draft): void {
  draft.files = createProjectFiles(draft.input.files ?? {}, draft.limits, draft.reporter)
}

function readTrees(draft: Draft): void {
  draft.trees = readRequest(draft.input.compose, draft.input.fileNames ?? [], draft)
}

/** Specification, "Interpolation": `COMPOSE_PROJECT_NAME` is the project's name. */
function knowVariables(draft: Draft): void {
  const { input, limits, trees } = draft
  const environment = withDotenv(input.env, draft)
  const name = input.systemName ?? nameIn(trees, environment, limits) ?? input.fallbackName
  draft.environment = environment
  if (!name) return
  draft.environment = {
    ...environment,
    get COMPOSE_PROJECT_NAME() {
      draft.dependsOnName = true
      return name
    },
  }
}

function mergeTrees(draft: Draft): void {
  const project = { directory: '', environment: draft.environment, trail: [] }
  draft.written = loadProject(draft.trees, project, draft) ?? draft.written
  // They are large, and nobody asks for them again.
  draft.trees = []
}

function keepKnownKeys(draft: Draft): void {
  const root = checkKeys(draft.written, GRAMMAR, draft.reporter, draft.meter)
  if (root) draft.root = root
}

function useLongForms(draft: Draft): void {
  draft.root = makeCanonical(draft.root, draft)
}

function leaveOutServices(draft: Draft): void {
  const profiles = profilesOf(draft.input.profiles, draft.environment)
  draft.root = selectProfiles(draft.root, profiles, draft.reporter)
}

function readVariables(draft: Draft): void {
  draft.root = readEnvFiles(draft.root, draft.environment, draft)
}

function leaveOutWhatIsImplied(draft: Draft): void {
  draft.root = leaveOutImplied(draft.root, () => draft.environment.COMPOSE_PROJECT_NAME ?? null)
}

function buildModel(draft: Draft): void {
  draft.spec = buildSpec(draft.root, draft)
}

function checkWhole(draft: Draft): void {
  const { spec, written, root, reporter, limits, input } = draft
  if (!spec) return
  const checkExtension = input.checkExtension ?? (() => [])
  for (const { check } of CHECKS) check({ spec, written, root, reporter, limits, checkExtension })
}

function dropAbsentDependencies({ spec }: Draft): void {
  if (!spec) return
  for (const service of Object.values(spec.services)) {
    for (const name of Object.keys(service.dependsOn))
      if (!Object.hasOwn(spec.services, name)) delete service.dependsOn[name]
  }
}

function leaveOutWhatIsUnused(draft: Draft): void {
  if (draft.spec) draft.root = leaveOutUnused(draft.spec, draft.root, draft.reporter)
}

function keepWhatIsMounted({ spec, files }: Draft): void {
  if (spec) spec.files = keepFiles(spec, files)
}

function noteSecrets({ spec, namedValues }: Draft): void {
  if (!spec || namedValues.size === 0) return
  const secretValues = secretValuesIn(() => JSON.stringify(spec), namedValues)
  if (secretValues.length > 0) spec.secretValues = secretValues
}

/** Those too that stand in nothing but a problem. */
function secretsOf({ spec, namedValues }: Draft): string[] {
  return [...[...namedValues].filter(looksMadeUp), ...(spec ? secretValuesOf(spec) : [])]
}
