// The canonical form of a Compose file, as `docker compose config` prints it.
import { dump } from 'js-yaml'
import type { MapNode } from '../node.ts'
import { fillEmpty } from './fill-empty.ts'
import { fillImplied } from './fill-implied.ts'
import { type Plain, toModel } from './to-model.ts'
import { YAML_STYLE } from './yaml-style.ts'

export type PrintOptions = {
  format: 'json' | 'yaml'
  /** The project's name where the file gives none; null: unknown. */
  project: string | null
}

/**
 * The text, which ends with a line break. `root` is the canonical tree of a file that was accepted (`parseCompose`);
 * read again with the same variables, the text gives the same SystemSpec.
 */
export function printCanonical(root: MapNode, { format, project }: PrintOptions): string {
  const model = toCanonicalModel(root, project)
  return format === 'json' ? `${JSON.stringify(fillEmpty(model), null, 2)}\n` : dump(model, YAML_STYLE)
}

/** The same as plain data. */
export function toCanonicalModel(root: MapNode, project: string | null): Plain {
  const { version: _, ...model } = toModel(root)
  return fillImplied(model, typeof model.name === 'string' ? model.name : project)
}
