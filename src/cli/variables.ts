// What `${NAME}` in a Compose file resolves from. The server never looks at its own environment: the caller sends it.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { lookAtCompose } from './compose-look.ts'
import { parseEnvFile, type Variables } from './env-file.ts'
import { UsageError } from './exit-codes.ts'
import { readTextFile, type Source } from './source.ts'

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
  const names = [...namesIn(source.text), ...lookAtCompose(source.text).passedOn]
  const fromFiles: Variables = {}
  for (const file of envFilesOf(source, options)) {
    const text = await readTextFile(file)
    const outer = { ...fromFiles, ...readShell(wordsIn(text)) }
    Object.assign(fromFiles, parseEnvFile(text, file, outer))
  }
  const known = { ...fromFiles, ...readShell(names) }
  const used = Object.entries(known).filter(([name]) => names.includes(name))
  return { ...Object.fromEntries(used), ...parseAssignments(options.env ?? [], readShell) }
}

function envFilesOf(source: Source, options: VariableOptions): string[] {
  if (options.envFile) return options.envFile
  const beside = join(source.path === null ? '.' : dirname(source.path), '.env')
  return existsSync(beside) ? [beside] : []
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
