// Reads the file that `-f` names, or standard input.
import { readFile, stat } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { UsageError } from './exit-codes.ts'

/** Where messages say that the text came from, for `-f -`. */
export const stdinName = '(standard input)'

/** A Compose file as it was read. `path` is null for standard input. */
export type Source = { path: string | null; label: string; text: string }

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
