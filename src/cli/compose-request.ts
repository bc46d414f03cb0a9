// What a command sends of the Compose files that it is given: their text, the files that they name, and the variables
// that they use.
import type { RequestFile } from '../compose/load/project-files.ts'
import { nameWritten } from './compose-look.ts'
import type { Context } from './context.ts'
import type { Variables } from './env-file.ts'
import { UsageError } from './exit-codes.ts'
import { findEnvFiles } from './local/find-files.ts'
import { nameOfFile } from './names.ts'
import { gatherFiles } from './project-files.ts'
import { composeOf, type Source } from './source.ts'
import { collectVariables, type VariableOptions } from './variables.ts'

export type ComposeOptions = VariableOptions & { name?: string; profile?: string[] }

/** `name` is left out where the server finds it in the file, or makes one up. */
export type ComposeRequest = {
  name?: string
  compose: string | string[]
  env: Variables
  files?: Record<string, RequestFile>
  profiles?: string[]
}

/** `source`: what was read, with the files that were found beside it. Throws UsageError. */
export async function readComposeRequest(
  given: ComposeOptions,
  read: Source,
  context: Context,
): Promise<{ request: ComposeRequest; source: Source }> {
  const envFile = findEnvFiles(given.envFile, context.readShell)
  const options = { ...given, ...(envFile && { envFile }) }
  const { profile: profiles } = options
  const { files, env } = await gatherFiles(read, profiles, (source) =>
    collectVariables(source, options, context.readShell),
  )
  const source = { ...read, files }
  const name = options.name ?? nameFor(source, context.folder)
  const request = {
    ...(name !== null && { name }),
    compose: composeOf(source),
    env,
    ...(Object.keys(files).length > 0 && { files }),
    ...(profiles && { profiles }),
  }
  return { request, source }
}

/** Null leaves the name to the server: it takes the file's own, or makes one up. */
function nameFor(source: Source, folder: string): string | null {
  if (source.path === null || nameWritten(source) !== null) return null
  const name = nameOfFile(source.path, folder)
  if (name === null) throw new UsageError(`Nothing in ${source.path} can be a name: give one with -n`)
  return name
}
