// Which Compose files are meant where none is named, as "docker compose" finds them (Compose specification, "Compose
// file"; Docker's COMPOSE_FILE, COMPOSE_PATH_SEPARATOR and COMPOSE_ENV_FILES).
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join, relative } from 'node:path'
import { parseEnvFile, type Variables } from '../env-file.ts'
import { UsageError } from '../exit-codes.ts'
import type { ReadShell } from '../variables.ts'

const NAMES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml']
const OVERRIDES = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
]

/**
 * Those given; else those of COMPOSE_FILE, in the shell or in `.env`; else the default file of `folder`, or of the nearest
 * folder above that has one, and what overrides it. Throws UsageError.
 */
export function findFiles(
  given: readonly string[] | undefined,
  folder: string,
  readShell: ReadShell,
): string[] {
  if (given) return [...given]
  const settings = readSettings(folder, readShell)
  if (settings.COMPOSE_FILE)
    return settings.COMPOSE_FILE.split(settings.COMPOSE_PATH_SEPARATOR || delimiter).filter(
      (file) => file !== '',
    )
  for (const place of foldersFrom(folder)) {
    const found = NAMES.find((name) => existsSync(join(place, name)))
    if (found === undefined) continue
    const override = OVERRIDES.find((name) => existsSync(join(place, name)))
    return [found, ...(override === undefined ? [] : [override])].map((name) =>
      relative(folder, join(place, name)),
    )
  }
  throw new UsageError(`Name a Compose file with -f: there is no ${NAMES[0]} here, nor in a folder above`)
}

/** Those given; else those of COMPOSE_ENV_FILES, with commas between; undefined: `.env` beside the Compose file. */
export function findEnvFiles(given: string[] | undefined, readShell: ReadShell): string[] | undefined {
  if (given) return given
  const { COMPOSE_ENV_FILES } = readShell(['COMPOSE_ENV_FILES'])
  const named = COMPOSE_ENV_FILES?.split(',')
    .map((file) => file.trim())
    .filter((file) => file !== '')
  return named?.length ? named : undefined
}

function readSettings(folder: string, readShell: ReadShell): Variables {
  const file = join(folder, '.env')
  const beside = existsSync(file) ? parseEnvFile(readFileSync(file, 'utf8'), '.env', {}) : {}
  return { ...beside, ...readShell(['COMPOSE_FILE', 'COMPOSE_PATH_SEPARATOR']) }
}

function* foldersFrom(folder: string): Generator<string> {
  yield folder
  for (let here = folder; dirname(here) !== here; ) {
    here = dirname(here)
    yield here
  }
}
