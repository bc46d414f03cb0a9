// The project's own collection of Compose files: small ones that together use every key and form.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Question } from './ask-oracle.ts'

export const COLLECTION = fileURLToPath(new URL('../../compose/collection/', import.meta.url))
export const EXPECTED = fileURLToPath(new URL('../../compose/expected/', import.meta.url))

/** What variables of the files resolve from. */
export const VARIABLES: Readonly<Record<string, string>> = {
  TAG: '1.27',
  EMPTY: '',
  PORT: '8081',
  FLAG: 'true',
  COUNT: '3',
  FRACTION: '0.75',
  SIZE: '64m',
  FROM_CALLER: 'said by the caller',
}

const PROFILES: Readonly<Record<string, readonly string[]>> = { 'profiles-on': ['debug'] }

/** A file of the collection, or a folder of files that belong together: `compose*.yaml` in it are merged. */
export type Sample = { name: string; question: Question }

export function readCollection(): Sample[] {
  const entries = readdirSync(COLLECTION, { withFileTypes: true }).sort((one, other) =>
    one.name < other.name ? -1 : 1,
  )
  return entries.map((entry) =>
    entry.isDirectory() ? sampleOf(entry.name, join(COLLECTION, entry.name)) : fileSample(entry.name),
  )
}

function fileSample(file: string): Sample {
  const question = { folder: COLLECTION, files: [file], profiles: [], env: VARIABLES }
  return { name: basename(file, '.yml'), question }
}

function sampleOf(name: string, folder: string): Sample {
  const files = readdirSync(folder)
    .filter((file) => /^compose.*\.yaml$/.test(file))
    // `compose.over.yaml` comes after `compose.yaml`.
    .sort((one, other) => one.length - other.length)
  return { name, question: { folder, files, profiles: PROFILES[name] ?? [], env: VARIABLES } }
}

/** Every file of a sample's folder, by its path in it; a single file is alone. */
export function filesOf({ question }: Sample): Record<string, string> {
  const paths =
    question.folder === COLLECTION
      ? question.files
      : readdirSync(question.folder, { recursive: true, encoding: 'utf8' })
  const texts = paths
    .filter((path) => statSync(join(question.folder, path)).isFile())
    .map((path) => [path, readFileSync(join(question.folder, path), 'utf8')] as const)
  return Object.fromEntries(texts)
}

/** What the oracle said when it was last asked, or why it refused. */
export function readExpected(name: string): unknown {
  return JSON.parse(readFileSync(join(EXPECTED, `${name}.json`), 'utf8'))
}
