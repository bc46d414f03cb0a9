// Reads a table with commas between its cells (RFC 4180).
import { UsageError } from '../exit-codes.ts'

/** `line`: where the row begins, from 1. */
export type Row = { cells: string[]; line: number }

/** A cell with its quotes, or without any, and what ends it. */
const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y

/** Empty lines are left out. `label`: what messages call the file. Throws UsageError. */
export function parseCsv(written: string, label: string): Row[] {
  const text = written.replace(/^\uFEFF/, '')
  const rows: Row[] = []
  let row: Row = { cells: [], line: 1 }
  let line = 1
  for (CELL.lastIndex = 0; CELL.lastIndex < text.length || row.cells.length > 0; ) {
    const match = CELL.exec(text)
    if (!match) throw new UsageError(`${label}:${line}: a cell with quotes must begin and end with them`)
    const [whole, quoted, plain = '', end] = match
    row.cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    line += whole.match(/\r\n|\n|\r/g)?.length ?? 0
    if (end === ',') continue
    if (row.cells.length > 1 || row.cells[0] !== '') rows.push(row)
    row = { cells: [], line }
  }
  return rows
}
