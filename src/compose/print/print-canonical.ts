// The canonical form of a Compose file, as `docker compose config` prints it.
import { dump } from 'js-yaml'
import type { Environment } from '../interpolate.ts'
import type { MapNode } from '../node.ts'
import { fillEmpty } from './fill-empty.ts'
import { fillImplied } from './fill-implied.ts'
import { type Plain, toModel } from './to-model.ts'
import { YAML_STYLE } from './yaml-style.ts'

/** A file in long forms (`ParsedCompose.canonical`), and what its variables resolve from. */
export type Canonical = { root: MapNode; environment: Environment }

/**
 * The text, which ends with a line break. For files that were accepted; read again with the same variables, the text
 * gives the same SystemSpec.
 */
export function printCanonical(canonical: Canonical, format: 'json' | 'yaml'): string {
  const model = toCanonicalModel(canonical)
  return format === 'json' ? `${JSON.stringify(fillEmpty(model), null, 2)}\n` : dump(model, YAML_STYLE)
}

/** The same as plain data. */
export function toCanonicalModel({ root, environment }: Canonical): Plain {
  const { version: _, ...model } = toModel(root)
  const given = typeof model.name === 'string' ? model.name : null
  return fillImplied(model, { project: environment.COMPOSE_PROJECT_NAME ?? given, environment })
}
