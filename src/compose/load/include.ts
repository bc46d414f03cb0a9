// Specification, "include": other Compose files as projects of their own, whose parts become parts of this one.
import { isDeepStrictEqual } from 'node:util'
import { namedValues } from '../../system/secret-values.ts'
import { parseDotenv } from '../dotenv/parse-dotenv.ts'
import type { Environment } from '../interpolate.ts'
import {
  child,
  type Entry,
  listAt,
  type MapNode,
  mapAt,
  mapNode,
  type Node,
  type ScalarNode,
  scalarAt,
  toPlain,
} from '../node.ts'
import { itemPath, keyPath } from '../path.ts'
import { checkPart, checkTopLevel } from './check-part.ts'
import type { LoadContext, Project } from './load-context.ts'
import { checkDepth, openComposeFile, pathOf, textOf } from './open-file.ts'
import { passOnEnvironment } from './pass-on-environment.ts'
import { directoryOf } from './project-path.ts'
import { reportDotenv } from './report-dotenv.ts'

/** What is brought in; the rest of an included file is for itself. */
const SECTIONS = ['services', 'networks', 'volumes', 'configs', 'secrets', 'models'] as const

/** Loads files as one project; given as an argument, since loading and including need each other. */
export type LoadProject = (
  documents: readonly Node[],
  project: Project,
  context: LoadContext,
) => MapNode | null

/** The file with all that it includes. Local variables win over those of included projects. */
export function resolveIncludes(
  root: MapNode,
  project: Project,
  context: LoadContext,
  load: LoadProject,
): MapNode {
  const written = child(root, 'include')
  if (!written || written.tag === 'reset') return root
  const entries = new Map(root.entries)
  entries.delete('include')
  const local: MapNode = { ...root, entries }
  const includes = readIncludes(checkPart(written, ['include'], context))
  return includes.reduce((into, include) => {
    const imported = loadInclude(include, project, context, load)
    return imported ? bringIn(imported, into, context) : into
  }, local)
}

type Include = {
  path: string
  files: ScalarNode[]
  directory: ScalarNode | null
  /** null: `.env` in the project directory, where there is one. */
  envFiles: ScalarNode[] | null
}

function readIncludes(node: Node | null): Include[] {
  const items = node?.kind === 'list' ? node.items : []
  return items.flatMap((item, index) => {
    const path = itemPath('include', index)
    if (item.kind === 'scalar') {
      return item.value === null ? [] : [{ path, files: [item], directory: null, envFiles: null }]
    }
    if (item.kind !== 'map') return []
    const files = textsAt(item, 'path') ?? []
    return [
      { path, files, directory: scalarAt(item, 'project_directory'), envFiles: textsAt(item, 'env_file') },
    ]
  })
}

/** A text, or a list of those; null where there is none. */
function textsAt(map: MapNode, key: string): ScalarNode[] | null {
  const list = listAt(map, key)
  if (list) return list.items.flatMap((item) => (item.kind === 'scalar' && item.value !== null ? [item] : []))
  const text = scalarAt(map, key)
  return text && [text]
}

function loadInclude(
  include: Include,
  from: Project,
  context: LoadContext,
  load: LoadProject,
): MapNode | null {
  const [main] = include.files
  const file = main ? pathOf(main, include.path, from.directory, context) : null
  if (!main || file === null) return null
  if (from.trail.includes(file)) return refuseCycle(include, main, [...from.trail, file], context)
  checkDepth(from.trail.length + 1, context, main.at)
  const directory = include.directory
    ? pathOf(include.directory, `${include.path}.project_directory`, from.directory, context)
    : directoryOf(file)
  const documents = openAll(include, from, context)
  if (directory === null || documents === null) return null
  const environment = environmentOf(include, directory, from, context)
  const project = { directory, environment, trail: [...from.trail, file] }
  const loaded = load(documents, project, context)
  return loaded && passOnEnvironment(loaded, environment)
}

/** The documents of all files of one include; null, and reported, where one can't be had. */
function openAll(include: Include, from: Project, context: LoadContext): Node[] | null {
  const documents: Node[] = []
  for (const node of include.files) {
    const file = pathOf(node, include.path, from.directory, context)
    const opened = file === null ? null : openComposeFile(file, node, include.path, context)
    if (opened === null) return null
    documents.push(...opened)
  }
  return documents
}

/** The variables of the including project, and below them those of the include's own files. */
function environmentOf(
  include: Include,
  directory: string,
  from: Project,
  context: LoadContext,
): Environment {
  const own = new Map<string, string>()
  const read = (file: string, text: string, path: string) => {
    const dotenv = parseDotenv(text, { lookup: (name) => ownValue(from.environment, name) ?? own.get(name) })
    reportDotenv(dotenv, { file, text, path }, context)
    for (const [name, value] of dotenv.variables) own.set(name, value)
    for (const value of namedValues(Object.fromEntries(dotenv.variables))) context.namedValues.add(value)
  }
  if (include.envFiles === null) {
    const file = keyOf(directory, '.env')
    const content = context.files.text(file)
    if (content.kind === 'text') read(file, content.text, include.path)
  }
  for (const node of include.envFiles ?? []) {
    const path = `${include.path}.env_file`
    // The specification's way to say "none".
    const file = node.text === '/dev/null' ? null : pathOf(node, path, from.directory, context)
    const text = file === null ? null : textOf(file, node, path, context)
    if (file !== null && text !== null) read(file, text, path)
  }
  return { ...Object.fromEntries(own), ...from.environment }
}

function ownValue(environment: Environment, name: string): string | undefined {
  return Object.hasOwn(environment, name) ? environment[name] : undefined
}

function keyOf(directory: string, file: string): string {
  return directory === '' ? file : `${directory}/${file}`
}

/** Adds the parts of an included project; a part that is here already must be the same. */
function bringIn(imported: MapNode, into: MapNode, context: LoadContext): MapNode {
  const entries = new Map(into.entries)
  const rest = new Map(imported.entries)
  for (const section of SECTIONS) {
    rest.delete(section)
    const brought = mapAt(imported, section)
    if (!brought) continue
    const before = entries.get(section)
    const local = before?.value.kind === 'map' ? before.value : mapNode([], brought.at)
    entries.set(section, { at: before?.at ?? brought.at, value: unitePart(section, brought, local, context) })
  }
  checkRest({ ...imported, entries: rest }, context)
  return { ...into, entries }
}

/** An included file has no name: it is part of the system that includes it. */
function checkRest(rest: MapNode, context: LoadContext): void {
  const name = rest.entries.get('name')
  if (name) {
    const message = '`name` of an included file has no effect: remove it.'
    context.reporter.report({ code: 'NO_EFFECT', severity: 'info', path: 'name', message, at: name.at })
  }
  checkTopLevel(rest, context)
}

function unitePart(section: string, brought: MapNode, local: MapNode, context: LoadContext): MapNode {
  const entries = new Map<string, Entry>(local.entries)
  for (const [name, entry] of brought.entries) {
    const before = entries.get(name)
    if (!before) entries.set(name, entry)
    else if (!isDeepStrictEqual(toPlain(before.value), toPlain(entry.value))) {
      const place = context.sources.positionOf(entry.at)
      const where = place ? ` in \`${place.file}\`, line ${place.line}` : ''
      const message = `\`${name}\` is also given in an included file${where}, and differs: rename or remove one of them.`
      const path = keyPath(section, name)
      context.reporter.report({ code: 'INCLUDE_CONFLICT', path, message, at: before.at })
    }
  }
  return { ...local, entries }
}

function refuseCycle(
  include: Include,
  node: ScalarNode,
  trail: readonly string[],
  context: LoadContext,
): null {
  const told = trail.length > 12 ? [...trail.slice(0, 12), '…'] : trail
  const message = `The files include each other (${told.join(' -> ')}): remove one \`include\`.`
  context.reporter.report({ code: 'INCLUDE_CYCLE', path: include.path, message, at: node.at })
  return null
}
