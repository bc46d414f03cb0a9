// npm run bench -- compile: how fast the back end is, from a checked specification to manifests in stages.
import { parseCompose } from '../../../src/compose/parse.ts'
import { compile } from '../../../src/orchestrators/kubernetes/compile/compile.ts'
import type { Compiled, CompileInput } from '../../../src/orchestrators/orchestrator.ts'
import { printDocuments } from '../../../src/orchestrators/print.ts'
import { manyServices, TYPICAL } from '../compose/files.ts'
import { measure } from '../measure.ts'

type Row = Readonly<Record<string, string | number>>

const identity = { tenant: 'bench', namespace: 'bench', name: 'bench', sid: '0'.repeat(32) }

export function run(): void {
  console.log('Time, medians in milliseconds. Targets: 2 services below 1 ms, 500 below 100 ms.')
  console.table([
    row('2 services', typical(), 400),
    row('100 services', manyServices(100), 40),
    row('500 services', manyServices(500), 30),
  ])
}

/** A page and its database, without the volume: workloads and what publishes them are measured. */
function typical(): string {
  return TYPICAL.replace(/ {4}volumes: .*\n/, '').replace(/volumes:\n.*\n/, '')
}

function row(what: string, text: string, rounds: number): Row {
  const { spec } = parseCompose({ compose: text, env: {} })
  if (!spec) throw new Error(`${what}: the file is refused`)
  const input: CompileInput = { identity, spec, exposure: 'nodePort' }
  const { stages } = compiled(input)
  const [compiling, printing] = measure(rounds, [() => compiled(input), () => printDocuments(stages)])
  if (!compiling || !printing) throw new Error('nothing was measured')
  return {
    what,
    objects: stages.flatMap(({ manifests }) => manifests).length,
    stages: stages.length,
    'compile ms': rounded(compiling.median),
    'print as YAML ms': rounded(printing.median),
  }
}

function compiled(input: CompileInput): Compiled {
  const result = compile(input)
  if (result.stages.length === 0) throw new Error(result.problems.map(({ message }) => message).join(' '))
  return result
}

function rounded(value: number): number {
  return Number(value.toPrecision(3))
}
