// Which Compose files are meant where none is named (Compose specification, "Compose file"; Docker's COMPOSE_FILE).
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { UsageError } from '../exit-codes.ts'
import type { ReadShell } from '../variables.ts'

const NAMES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml']
const OVERRIDES = ['compose.override.yaml', 'compose.override.yml', 'docker-compose.override.yml']

/** Those given; else those of COMPOSE_FILE; else the default file of `folder` and what overrides it. */
export function findFiles(
  given: readonly string[] | undefined,
  folder: string,
  readShell: ReadShell,
): string[] {
  if (given) return [...given]
  const { COMPOSE_FILE, COMPOSE_PATH_SEPARATOR } = readShell(['COMPOSE_FILE', 'COMPOSE_PATH_SEPARATOR'])
  if (COMPOSE_FILE)
    return COMPOSE_FILE.split(COMPOSE_PATH_SEPARATOR || delimiter).filter((file) => file !== '')
  const isThere = (name: string) => existsSync(join(folder, name))
  const file = NAMES.find(isThere)
  if (file === undefined) throw new UsageError(`Name a Compose file with -f: there is no ${NAMES[0]} here`)
  const override = OVERRIDES.find(isThere)
  return override === undefined ? [file] : [file, override]
}
