// Reads a table with commas between its cells (RFC 4180), and says where each row begins.
import { CsvError, type Info, parse } from 'csv-parse/sync'
import { UsageError } from '../exit-codes.ts'

/** `line`: where the row begins, from 1. */
export type Row = { cells: string[]; line: number }

/** Empty lines are left out. `label`: what messages call the file. Throws UsageError. */
export function parseCsv(text: string, label: string): Row[] {
  try {
    const options = { bom: true, relax_column_count: true, skip_empty_lines: true, info: true } as const
    return (parse(text, options) as unknown as { record: string[]; info: Info }[]).map(toRow)
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new UsageError(`${label}:${error.lines ?? '?'}: ${error.message}`)
  }
}

/** The parser counts the lines up to the end of a row. */
function toRow({ record, info }: { record: string[]; info: Info }): Row {
  const within = record.reduce((sum, cell) => sum + (cell.match(/\r\n|\n|\r/g)?.length ?? 0), 0)
  return { cells: record, line: info.lines - within }
}
