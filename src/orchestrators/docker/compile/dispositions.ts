// What becomes of every key of the specification on a Docker engine, and of which remarks it can be the subject.
// Everything the compiler reports is a row here: nothing is dropped without one.
import { type CodeOf, createTable } from '../../shared/disposition-table.ts'
import { BUILD_ROWS } from './dispositions/build-rows.ts'
import { DEPLOY_ROWS } from './dispositions/deploy-rows.ts'
import { MACHINE_ROWS } from './dispositions/machine-rows.ts'
import { NETWORK_ROWS } from './dispositions/network-rows.ts'
import type { Row } from './dispositions/row.ts'
import { RUN_ROWS } from './dispositions/run-rows.ts'
import { STORAGE_ROWS } from './dispositions/storage-rows.ts'
import { TOP_LEVEL_ROWS } from './dispositions/top-level-rows.ts'

/**
 * Key path, as in the front end's table of keys (`*` is any name, `[]` any item), to what becomes of it. A key without a
 * row of its own shares that of the key around it.
 */
export const dispositions = {
  ...TOP_LEVEL_ROWS,
  ...RUN_ROWS,
  ...BUILD_ROWS,
  ...NETWORK_ROWS,
  ...STORAGE_ROWS,
  ...MACHINE_ROWS,
  ...DEPLOY_ROWS,
} satisfies Record<string, Row>

export type Code = CodeOf<typeof dispositions>

export const { remark, dispositionOf, rowOf, checkSaid } = createTable(dispositions)
