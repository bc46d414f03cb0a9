// npm run bench -- compose: how fast the front end is, beside the time that js-yaml needs to do nothing but parse.
import { load } from 'js-yaml'
import { parseCompose } from '../../../src/compose/parse.ts'
import { heldBytes, measure, type Times, timeMs } from '../measure.ts'
import { aliasBomb, deepBlocks, deepList, manyServices, mergeBomb, TYPICAL } from './files.ts'

type Row = Readonly<Record<string, string | number>>

export function run(): void {
  console.log(
    'Milliseconds, median (best). Targets: 2 services below 1 ms; 500 below 150 ms and 4 times js-yaml.',
  )
  console.table([
    timeRow('2 services', TYPICAL, 400),
    timeRow('100 services', manyServices(100), 60),
    timeRow('500 services', manyServices(500), 60),
  ])
  console.log('What is held of the answer, in bytes for each byte of the file: the same for every size.')
  // The first one warms up.
  console.table([100, 100, 200, 400].map(memoryRow).slice(1))
  console.log('What is refused. Target: below 50 ms.')
  console.table([
    refusalRow('aliases of aliases', aliasBomb(12)),
    refusalRow('merges of merges', mergeBomb(12)),
    refusalRow('50,000 lists in each other', deepList(50_000)),
    refusalRow('1,000 maps in each other', deepBlocks(1_000)),
    refusalRow('2 MB of text', `x-a: ${'a'.repeat(2_000_000)}\n`),
  ])
}

function timeRow(what: string, text: string, rounds: number): Row {
  const [ours, bare] = measure(rounds, [() => accepted(text), () => load(text)])
  if (!ours || !bare) throw new Error('nothing was measured')
  const ratio = `${rounded(ours.median / bare.median)} (${rounded(ours.best / bare.best)})`
  return { what, bytes: text.length, Tycho: timesText(ours), 'js-yaml': timesText(bare), ratio }
}

function timesText({ median, best }: Times): string {
  return `${rounded(median)} (${rounded(best)})`
}

function memoryRow(services: number): Row {
  const text = manyServices(services)
  return {
    services,
    bytes: text.length,
    'held per byte': rounded(heldBytes(() => accepted(text)) / text.length),
  }
}

function refusalRow(what: string, text: string): Row {
  let code = ''
  const ms = timeMs(() => {
    code = parseCompose({ compose: text, env: {} }).problems[0]?.code ?? 'none'
  })
  return { what, bytes: text.length, ms: rounded(ms), code }
}

function accepted(text: string): unknown {
  const { spec, problems } = parseCompose({ compose: text, env: {} })
  if (!spec) throw new Error(problems[0]?.message)
  return spec
}

function rounded(value: number): number {
  return Number(value.toPrecision(3))
}
