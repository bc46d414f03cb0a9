// The table of dispositions of one orchestrator: everything its compiler reports is a row in it.
import type { Problem, Severity } from '../../problem.ts'
import type { SystemSpec } from '../../system/spec.ts'
import type { Disposition, Row, Said } from './disposition-row.ts'

/** Key path, as in the front end's table of keys (`*` is any name, `[]` any item), to what becomes of it. */
export type Rows = Readonly<Record<string, Row>>

export type CodeOf<Table extends Rows> = { [Key in keyof Table]: keyof Table[Key]['remarks'] }[keyof Table]

export type DispositionTable<Table extends Rows> = {
  /** A Problem of a code in the table; `path` is a Compose path (`services.web.ports[0]`). */
  remark(code: CodeOf<Table>, path: string, message: string): Problem
  /** Throws on a code without a row, which the type of `code` rules out. */
  dispositionOf(code: string): Disposition
  /** The row of a key: its own, or that of the nearest key around it. */
  rowOf(path: string): Row | null
  /** What is to be said of keys wherever they stand. */
  checkSaid(spec: SystemSpec): Problem[]
}

const severities: Record<Disposition, Severity> = {
  'map+warn': 'warning',
  'map+info': 'info',
  'ignore+info': 'info',
  error: 'error',
  policy: 'error',
}

export function createTable<const Table extends Rows>(table: Table): DispositionTable<Table> {
  const rows: Row[] = Object.values(table)
  const byCode = new Map(rows.flatMap(({ remarks }) => Object.entries(remarks)))
  const ofServices = rows.flatMap(({ said }) => said ?? [])
  const ofSystem = rows.flatMap(({ saidOf }) => saidOf ?? [])
  const dispositionOf = (code: string) => {
    const disposition = byCode.get(code)
    if (!disposition) throw new Error(`no disposition for ${code}`)
    return disposition
  }
  const toProblem = (code: string, path: string, message: string): Problem => ({
    code,
    severity: severities[dispositionOf(code)],
    path,
    message,
  })
  return {
    remark: (code, path, message) => toProblem(String(code), path, message),
    dispositionOf,
    rowOf: (path) => rowOf(path, table),
    checkSaid: (spec) =>
      [...saidOfSystem(spec, ofSystem), ...saidOfServices(spec, ofServices)].map(({ code, why, path }) =>
        toProblem(code, path, `\`${path.slice(path.lastIndexOf('.') + 1)}\` ${why}.`),
      ),
  }
}

function rowOf(path: string, rows: Rows): Row | null {
  for (let at = path; at !== ''; at = at.replace(/(?:\[\]|\.?[^.[\]]+)$/, '')) {
    const row = Object.hasOwn(rows, at) ? rows[at] : undefined
    if (row) return row
  }
  return null
}

function saidOfSystem(spec: SystemSpec, all: readonly Said<SystemSpec>[]) {
  return all.flatMap(({ code, why, where }) => where(spec).map((path) => ({ code, why, path })))
}

function saidOfServices({ services }: SystemSpec, all: Iterable<NonNullable<Row['said']>>) {
  const said = [...all]
  return Object.entries(services).flatMap(([name, service]) =>
    said.flatMap(({ code, why, where }) =>
      where(service).map((path) => ({ code, why, path: `services.${name}.${path}` })),
    ),
  )
}
