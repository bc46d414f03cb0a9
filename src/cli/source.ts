// Reads the file that `-f` names, or standard input.
import { readFile, stat } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import type { RequestFile } from '../compose/load/project-files.ts'
import { UsageError } from './exit-codes.ts'

/** Where messages say that the text came from, for `-f -`. */
export const stdinName = '(standard input)'

/** A Compose file as it was read, with those that are merged over it. `path` is null for standard input. */
export type Source = {
  path: string | null
  label: string
  text: string
  /** Further `-f`, in their order. */
  others?: readonly Source[]
  /** The files that they name, by their paths from the folder of the first. */
  files?: Readonly<Record<string, RequestFile>>
}

/** All Compose files, the first one first. */
export function composeFilesOf(source: Source): Source[] {
  return [source, ...(source.others ?? [])]
}

/** What is sent as `compose`. */
export function composeOf(source: Source): string | string[] {
  return source.others?.length ? composeFilesOf(source).map(({ text }) => text) : source.text
}

/** Throws UsageError as `readSource` does, and where standard input is named twice. */
export async function readSources(files: readonly string[], stdin: NodeJS.ReadableStream): Promise<Source> {
  const [first = '-', ...others] = files
  if (files.filter((file) => file === '-').length > 1) throw new UsageError('Standard input can be read once')
  const source = await readSource(first, stdin)
  if (others.length === 0) return source
  const read: Source[] = []
  for (const file of others) read.push(await readSource(file, stdin))
  return { ...source, others: read }
}

/** Throws UsageError where there is no such file, or none that can be read as text. */
export async function readSource(file: string, stdin: NodeJS.ReadableStream): Promise<Source> {
  if (file === '-') return { path: null, label: stdinName, text: await text(stdin) }
  return { path: file, label: file, text: await readTextFile(file) }
}

export async function readTextFile(file: string): Promise<string> {
  try {
    if ((await stat(file)).isDirectory()) {
      throw new UsageError(`${file} is a folder; name the Compose file in it`)
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file))
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(`Can't read ${file}: ${reasonOf(error)}`)
  }
}

const reasons: Record<string, string> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is no folder',
  EACCES: 'it may not be read by this user',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is not UTF-8 text',
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return reasons[code] ?? (error instanceof Error ? error.message : String(error))
}
