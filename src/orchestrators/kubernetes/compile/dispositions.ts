// What becomes of every key of the specification on Kubernetes, and of which remarks it can be the subject. Everything
// the compiler reports is a row here: nothing is dropped without one.
import type { Problem, Severity } from '../../../problem.ts'
import { DEPLOY_ROWS } from './dispositions/deploy-rows.ts'
import { MACHINE_ROWS } from './dispositions/machine-rows.ts'
import { NETWORK_ROWS } from './dispositions/network-rows.ts'
import type { Disposition, Row } from './dispositions/row.ts'
import { RUN_ROWS } from './dispositions/run-rows.ts'
import { STORAGE_ROWS } from './dispositions/storage-rows.ts'
import { TOP_LEVEL_ROWS } from './dispositions/top-level-rows.ts'

export type { Disposition, Row } from './dispositions/row.ts'

/**
 * Key path, as in the front end's table of keys (`*` is any name, `[]` any item), to what becomes of it. A key without a
 * row of its own shares that of the key around it.
 */
export const dispositions = {
  ...TOP_LEVEL_ROWS,
  ...RUN_ROWS,
  ...NETWORK_ROWS,
  ...STORAGE_ROWS,
  ...MACHINE_ROWS,
  ...DEPLOY_ROWS,
} satisfies Record<string, Row>

type Rows = typeof dispositions
export type Code = { [Key in keyof Rows]: keyof Rows[Key]['remarks'] }[keyof Rows]

const severities: Record<Disposition, Severity> = {
  'map+warn': 'warning',
  'map+info': 'info',
  'ignore+info': 'info',
  error: 'error',
  policy: 'error',
}

const dispositionsByCode = new Map(
  Object.values<Row>(dispositions).flatMap(({ remarks }) => Object.entries(remarks)),
)

/** A Problem of a code in the table; `path` is a Compose path (`services.web.ports[0]`). */
export function remark(code: Code, path: string, message: string): Problem {
  return { code, severity: severities[dispositionOf(code)], path, message }
}

/** Throws on a code without a row, which the type of `code` rules out. */
export function dispositionOf(code: string): Disposition {
  const disposition = dispositionsByCode.get(code)
  if (!disposition) throw new Error(`no disposition for ${code}`)
  return disposition
}

/** The row of a key: its own, or that of the nearest key around it. */
export function rowOf(path: string): Row | null {
  const rows: Readonly<Record<string, Row>> = dispositions
  for (let at = path; at !== ''; at = at.replace(/(?:\[\]|\.?[^.[\]]+)$/, '')) {
    const row = Object.hasOwn(rows, at) ? rows[at] : undefined
    if (row) return row
  }
  return null
}
