// Paths of a file in another folder, made relative to the project directory (specification, "include", "extends").

import { posix } from 'node:path'
import { segmentsOf } from '../keys/grammar.ts'
import type { Entry, MapNode, Node, ScalarNode } from '../node.ts'
import { isAbsolute, isRemote } from './project-path.ts'

/** Whether a text holds a path, and which part of it: text -> text with its path moved. */
type Move = (text: string, directory: string) => string

type PathRow = { path: string; move: Move }

/** Every place of a service that names a file or folder beside its Compose file. */
const SERVICE_PATHS: readonly PathRow[] = [
  { path: 'build', move: moveContext },
  { path: 'build.context', move: moveContext },
  { path: 'build.additional_contexts.*', move: moveContext },
  { path: 'build.additional_contexts[]', move: moveValue },
  { path: 'build.ssh.*', move: movePath },
  { path: 'build.ssh[]', move: moveValue },
  { path: 'env_file', move: movePath },
  { path: 'env_file[]', move: movePath },
  { path: 'env_file[].path', move: movePath },
  { path: 'label_file', move: movePath },
  { path: 'label_file[]', move: movePath },
  { path: 'develop.watch[].path', move: movePath },
  { path: 'volumes[]', move: moveDotted },
  { path: 'volumes[].source', move: moveDotted },
]

/** The same for the other sections, from the root. */
const SECTION_PATHS: readonly PathRow[] = [
  { path: 'configs.*.file', move: movePath },
  { path: 'secrets.*.file', move: movePath },
  { path: 'volumes.*.driver_opts.device', move: moveDotted },
]

/** A service with its paths moved from `directory`; the same node where there is nothing to move. */
export function relocateService(service: MapNode, directory: string): Node {
  return relocate(service, SERVICE_PATHS, directory)
}

/** A whole file, its services included. */
export function relocateFile(root: MapNode, directory: string): MapNode {
  if (directory === '') return root
  const rows = [
    ...SECTION_PATHS,
    ...SERVICE_PATHS.map(({ path, move }) => ({ path: `services.*.${path}`, move })),
  ]
  const moved = relocate(root, rows, directory)
  return moved.kind === 'map' ? moved : root
}

function relocate(node: Node, rows: readonly PathRow[], directory: string): Node {
  if (directory === '') return node
  return rows.reduce((moved, { path, move }) => moveAt(moved, segmentsOf(path), move, directory), node)
}

function moveAt(node: Node, segments: readonly string[], move: Move, directory: string): Node {
  const [segment, ...rest] = segments
  if (segment === undefined) return node.kind === 'scalar' ? moveText(node, move, directory) : node
  if (segment === '[]') {
    if (node.kind !== 'list') return node
    const items = node.items.map((item) => moveAt(item, rest, move, directory))
    return items.every((item, index) => item === node.items[index]) ? node : { ...node, items }
  }
  if (node.kind !== 'map') return node
  return moveInMap(node, segment === '*' ? [...node.entries.keys()] : [segment], rest, move, directory)
}

function moveInMap(
  map: MapNode,
  keys: readonly string[],
  rest: readonly string[],
  move: Move,
  directory: string,
): MapNode {
  let entries: Map<string, Entry> | null = null
  for (const key of keys) {
    const entry = map.entries.get(key)
    const value = entry && moveAt(entry.value, rest, move, directory)
    if (!entry || !value || value === entry.value) continue
    entries ??= new Map(map.entries)
    entries.set(key, { at: entry.at, value })
  }
  return entries ? { ...map, entries } : map
}

function moveText(node: ScalarNode, move: Move, directory: string): ScalarNode {
  if (typeof node.value !== 'string' || node.value === '' || node.isUnfilled) return node
  const text = move(node.value, directory)
  return text === node.value ? node : { ...node, value: text, text }
}

function movePath(text: string, directory: string): string {
  return isAbsolute(text) ? text : below(directory, text)
}

/** A build context may be a place to fetch from (specification, "build", `context`). */
function moveContext(text: string, directory: string): string {
  return isRemote(text) || /^(?:docker-image|oci-layout|service|target):/.test(text)
    ? text
    : movePath(text, directory)
}

/** `name=path`; a name alone has no path. */
function moveValue(text: string, directory: string): string {
  const equals = text.indexOf('=')
  return equals === -1
    ? text
    : `${text.slice(0, equals + 1)}${moveContext(text.slice(equals + 1), directory)}`
}

/** The source of a mount: one that begins with a dot is a path, others name a volume. */
function moveDotted(text: string, directory: string): string {
  return /^\.{1,2}(?:[/:]|$)/.test(text) ? below(directory, text) : text
}

/** A path in a folder, beginning with a dot: what has none could be the name of a volume. */
function below(directory: string, path: string): string {
  return `./${posix.normalize(`${directory}/${path}`)}`
}
