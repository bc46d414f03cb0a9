// What `${NAME}` in a Compose file resolves from. The server never looks at its own environment: the caller sends it.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { lookAtCompose } from './compose-look.ts'
import { parseEnvFile, type Variables } from './env-file.ts'
import { UsageError } from './exit-codes.ts'
import { composeFilesOf, readTextFile, type Source } from './source.ts'

/** Gives the caller's own environment variables of these names. */
export type ReadShell = (names: readonly string[]) => Variables

export type VariableOptions = { env?: string[]; envFile?: string[] }

/**
 * From weak to strong: `.env` beside the file or the `--env-file`s, the shell, `--env`. Only variables that the file
 * names are sent, so that no other secret of the caller leaves the machine; `--env` is sent as given.
 */
export async function collectVariables(
  source: Source,
  options: VariableOptions,
  readShell: ReadShell,
): Promise<Variables> {
  const names = ['COMPOSE_PROFILES', ...composeFilesOf(source).flatMap(({ text }) => namesInCompose(text))]
  for (const file of Object.values(source.files ?? {}))
    if (typeof file === 'string') names.push(...namesInFile(file))
  const fromFiles = await readEnvFiles(envFilesOf(source, options), readShell)
  const known = { ...fromFiles, ...readShell(names) }
  const used = Object.entries(known).filter(([name]) => names.includes(name))
  return { ...Object.fromEntries(used), ...parseAssignments(options.env ?? [], readShell) }
}

/** Variables that Compose itself looks at. */
const OWN_VARIABLES = ['COMPOSE_PROFILES', 'COMPOSE_PROJECT_NAME']

/**
 * The same for files that are parsed here: whatever they name, from the `--env-file`s, the shell and `--env`. The parser
 * reads `.env` itself.
 */
export async function collectLocally(
  texts: readonly string[],
  options: VariableOptions,
  readShell: ReadShell,
): Promise<Variables> {
  const names = texts.flatMap((text) => [...namesIn(text), ...wordsIn(text)])
  const shell = readShell([...new Set([...names, ...OWN_VARIABLES])])
  const fromFiles = await readEnvFiles(options.envFile ?? [], readShell)
  return { ...fromFiles, ...shell, ...parseAssignments(options.env ?? [], readShell) }
}

async function readEnvFiles(files: readonly string[], readShell: ReadShell): Promise<Variables> {
  const variables: Variables = {}
  for (const file of files) {
    const text = await readTextFile(file)
    const outer = { ...variables, ...readShell(wordsIn(text)) }
    Object.assign(variables, parseEnvFile(text, file, outer))
  }
  return variables
}

function envFilesOf(source: Source, options: VariableOptions): string[] {
  if (options.envFile) return options.envFile
  const beside = join(source.path === null ? '.' : dirname(source.path), '.env')
  return existsSync(beside) ? [beside] : []
}

function namesInCompose(text: string): string[] {
  return [...namesIn(text), ...lookAtCompose(text).passedOn]
}

/** A file beside them may be a Compose file or one of variables, in which a name alone asks for its value. */
function namesInFile(text: string): string[] {
  const alone = [...text.matchAll(/^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*\r?$/gm)]
  return [...namesInCompose(text), ...alone.flatMap(([, name]) => name ?? [])]
}

/** Every name after a dollar sign, those in arguments of others too (`${A:-$B}`); `$$` is a dollar sign. */
export function namesIn(text: string): string[] {
  const names = new Set<string>()
  for (const [, name] of text.matchAll(/\$(?:\$|\{?([A-Za-z_][A-Za-z0-9_]*))/g)) {
    if (name !== undefined) names.add(name)
  }
  return [...names]
}

/** Whatever a `.env` file may ask of the shell: names in values, and keys that have none. */
function wordsIn(text: string): string[] {
  return text.match(/[A-Za-z_][A-Za-z0-9_]*/g) ?? []
}

/** `KEY=value`; `KEY` alone takes the shell's value, as with Docker. */
function parseAssignments(assignments: readonly string[], readShell: ReadShell): Variables {
  const variables: Variables = {}
  for (const assignment of assignments) {
    const [, key, value] = /^([A-Za-z_][A-Za-z0-9_]*)(?:=(.*))?$/s.exec(assignment) ?? []
    if (key === undefined) throw new UsageError(`--env ${assignment.split('=')[0]}: write it as KEY=value`)
    const found = value ?? readShell([key])[key]
    if (found === undefined)
      throw new UsageError(`--env ${key}: it has no value, and the shell has none either`)
    variables[key] = found
  }
  return variables
}
