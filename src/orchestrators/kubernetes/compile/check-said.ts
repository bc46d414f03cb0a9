// Keys of which one thing is to be said wherever they stand: those that mean nothing here, or nothing yet.
import type { Problem } from '../../../problem.ts'
import type { SystemSpec } from '../../../system/spec.ts'
import type { Row, Said } from './dispositions/row.ts'
import { type Code, dispositions, remark } from './dispositions.ts'

const ROWS = Object.values<Row>(dispositions)
const OF_SERVICES = ROWS.flatMap(({ said }) => said ?? [])
const OF_SYSTEM = ROWS.flatMap(({ saidOf }) => saidOf ?? [])

export function checkSaid(spec: SystemSpec): Problem[] {
  return [
    ...OF_SYSTEM.flatMap((said) => said.where(spec).map((path) => toProblem(said, path))),
    ...Object.entries(spec.services).flatMap(([name, service]) =>
      OF_SERVICES.flatMap((said) =>
        said.where(service).map((path) => toProblem(said, `services.${name}.${path}`)),
      ),
    ),
  ]
}

/** The codes stand in the rows' own `remarks`, which a test holds. */
function toProblem({ code, why }: Said<never>, path: string): Problem {
  const key = path.slice(path.lastIndexOf('.') + 1)
  return remark(code as Code, path, `\`${key}\` ${why}.`)
}
