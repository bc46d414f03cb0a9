// The little that the command line must know of a Compose file before the server reads it. Says nothing about errors:
// that is the server's part, which sees the whole.
import { interpolate } from '../compose/interpolate.ts'
import { DEFAULT_LIMITS } from '../compose/limits.ts'
import { createMeter } from '../compose/meter.ts'
import { child, type MapNode, mapAt, textAt } from '../compose/node.ts'
import { ReadError } from '../compose/read/read-error.ts'
import { readYaml } from '../compose/read/read-yaml.ts'
import { createReporter } from '../compose/report.ts'
import { createSources } from '../compose/sources.ts'
import { normaliseProjectName, toSystemName } from '../system/names.ts'
import type { Variables } from './env-file.ts'
import { composeFilesOf, type Source } from './source.ts'

export type ComposeLook = {
  /** The `name:` as written; null where there is none, or the file can't be read. */
  name: string | null
  /** Entries of `environment` without a value: the variable of that name is passed on. */
  passedOn: string[]
}

export function lookAtCompose(text: string): ComposeLook {
  const root = readRoot(text)
  return { name: textAt(root, 'name'), passedOn: passedOnIn(root) }
}

/** The `name:` as written in the last of the files that has one; null where none has. */
export function nameWritten(source: Source): string | null {
  return (
    composeFilesOf(source)
      .map(({ text }) => lookAtCompose(text).name)
      .findLast((name) => name !== null) ?? null
  )
}

/** The system's name that the server makes of `name:`; null where a variable that it needs is missing. */
export function systemNameOf(name: string, variables: Variables): string | null {
  const filled = interpolate(name, variables)
  return filled.ok ? toSystemName(normaliseProjectName(filled.text)) : null
}

function readRoot(text: string): MapNode | null {
  try {
    const reporter = createReporter(DEFAULT_LIMITS.problems)
    const [root] = readYaml('', text, {
      limits: DEFAULT_LIMITS,
      sources: createSources(),
      reporter,
      meter: createMeter(),
    })
    return root.kind === 'map' ? root : null
  } catch (error) {
    if (error instanceof ReadError) return null
    throw error
  }
}

function passedOnIn(root: MapNode | null): string[] {
  const services = [...(mapAt(root, 'services')?.entries.values() ?? [])]
  return services.flatMap(({ value }) => (value.kind === 'map' ? passedOnOf(value) : []))
}

function passedOnOf(service: MapNode): string[] {
  const environment = child(service, 'environment')
  if (environment?.kind === 'list') {
    return environment.items.flatMap((item) =>
      item.kind === 'scalar' && !item.text.includes('=') ? [item.text] : [],
    )
  }
  if (environment?.kind !== 'map') return []
  return [...environment.entries].flatMap(([name, { value }]) =>
    value.kind === 'scalar' && value.value === null ? [name] : [],
  )
}
