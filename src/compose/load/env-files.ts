// Files of variables and labels, read into the services that name them (specification, "env_file", "label_file").
import { parseDotenv } from '../dotenv/parse-dotenv.ts'
import { parseRawEnv } from '../dotenv/parse-raw.ts'
import type { Environment } from '../interpolate.ts'
import {
  booleanAt,
  child,
  type Entry,
  type MapNode,
  mapAt,
  mapValues,
  type Node,
  quote,
  type ScalarNode,
  scalarAt,
  textNode,
  withValue,
} from '../node.ts'
import { itemPath, keyPath } from '../path.ts'
import { overLimit } from '../read/read-error.ts'
import type { LoadContext } from './load-context.ts'
import { pathOf, textOf } from './open-file.ts'
import { reportDotenv } from './report-dotenv.ts'

type VariableFile = { path: string; node: ScalarNode; isRequired: boolean; isRaw: boolean }

type Lookup = (name: string) => string | undefined

/**
 * The tree with the files of every service read: a later file wins over an earlier one, and what the service itself says
 * over both. Variables in the files resolve from the request's, then from those of the service.
 */
export function readEnvFiles(root: MapNode, environment: Environment, context: LoadContext): MapNode {
  const services = mapAt(root, 'services')
  if (!services) return root
  const read = mapValues(services, ({ value: service }, name) => {
    if (service.kind !== 'map') return service
    const path = keyPath('services', name)
    const lookup = lookupOf(environment, mapAt(service, 'environment'))
    const own = readInto(service, { from: 'env_file', into: 'environment', path }, lookup, context)
    return readInto(own, { from: 'label_file', into: 'labels', path }, () => undefined, context)
  })
  return withValue(root, 'services', read)
}

function lookupOf(environment: Environment, own: MapNode | null): Lookup {
  return (name) => {
    if (Object.hasOwn(environment, name)) return environment[name]
    return scalarAt(own, name)?.text
  }
}

type Place = { from: 'env_file' | 'label_file'; into: 'environment' | 'labels'; path: string }

function readInto(
  service: MapNode,
  { from, into, path }: Place,
  lookup: Lookup,
  context: LoadContext,
): MapNode {
  const written = child(service, from)
  if (!written) return service
  const entries = new Map<string, Entry>()
  for (const file of filesIn(written, keyPath(path, from), context)) {
    const { at } = file.node
    // The name stands for the value where a Problem quotes it: a file may hold secrets.
    for (const [name, value] of readFile(file, lookup, context))
      entries.set(name, { at, value: textNode(value, at, name) })
  }
  const before = service.entries.get(into)
  for (const [name, entry] of before?.value.kind === 'map' ? before.value.entries : [])
    entries.set(name, entry)
  const at = before?.at ?? written.at
  const read = withValue(service, from, null)
  if (entries.size > 0) read.entries.set(into, { at, value: { kind: 'map', at, entries } })
  return read
}

function filesIn(written: Node, path: string, context: LoadContext): VariableFile[] {
  if (written.kind === 'scalar') return filesOf(written, path, context)
  if (written.kind !== 'list') return []
  return written.items.flatMap((item, index) => filesOf(item, itemPath(path, index), context))
}

function filesOf(item: Node, path: string, context: LoadContext): VariableFile[] {
  if (item.kind === 'scalar')
    return item.value === null ? [] : [{ path, node: item, isRequired: true, isRaw: false }]
  if (item.kind !== 'map') return []
  const node = scalarAt(item, 'path')
  if (!node) {
    if (context.reporter.hasErrorAt(`${path}.path`)) return []
    context.reporter.report({
      code: 'MISSING_KEY',
      path,
      message: 'A file needs `path`: add it.',
      at: item.at,
    })
    return []
  }
  const format = scalarAt(item, 'format')
  if (format && format.text !== 'raw') {
    const message = `${quote(format)} is no format of a file of variables: write \`raw\`, or leave \`format\` out.`
    context.reporter.report({ code: 'INVALID_VALUE', path: `${path}.format`, message, at: format.at })
  }
  return [{ path, node, isRequired: booleanAt(item, 'required') ?? true, isRaw: format?.text === 'raw' }]
}

function readFile(file: VariableFile, lookup: Lookup, context: LoadContext): Map<string, string> {
  const { node, path, isRequired, isRaw } = file
  const found = pathOf(node, path, '', context)
  if (found === null) return new Map()
  if (!isRequired && !context.files.has(found)) {
    const message = `There is no file ${quote(node)}; it is not required, and left out.`
    context.reporter.report({ code: 'ENV_FILE_ABSENT', severity: 'info', path, message, at: node.at })
    return new Map()
  }
  const text = textOf(found, node, path, context)
  if (text === null) return new Map()
  charge(text.length, node.at, context)
  if (isRaw) return parseRawEnv(text, lookup)
  const { meter, limits } = context
  const dotenv = parseDotenv(text, { lookup, room: limits.interpolatedCharacters - meter.filledCharacters })
  reportDotenv(dotenv, { file: found, text, path }, context)
  for (const value of dotenv.variables.values()) meter.filledCharacters += value.length
  return dotenv.variables
}

function charge(characters: number, at: number, { meter, limits }: LoadContext): void {
  meter.envFileCharacters += characters
  if (meter.envFileCharacters <= limits.envFileCharacters) return
  const what =
    'The files of variables and labels have too many characters, each counted as often as it is named'
  throw overLimit('FILES_TOO_LARGE', what, limits.envFileCharacters, 'make them smaller', at)
}
