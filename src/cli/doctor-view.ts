// What the doctor found as lines of text. Pure.
import type { Doctor, Stray } from '../client/shapes.ts'
import { oneLine } from './one-line.ts'
import type { Paint } from './paint.ts'
import { alignColumns } from './table.ts'

export function doctorLines({ version, node, parts, strays }: Doctor, paint: Paint): string[] {
  const rows = parts.map(({ name, ok, version, reason }) => [
    name,
    ok ? paint('green', 'ok') : paint('red', 'away'),
    oneLine([version, reason].filter(Boolean).join('  ')),
  ])
  return [
    ...alignColumns([['tycho', paint('green', 'ok'), `${version}  Node ${node}`], ...rows]),
    '',
    ...toStrays(strays),
  ]
}

function toStrays(strays: Stray[] | undefined): string[] {
  if (!strays) return ['Strays: not known while a part is away']
  if (strays.length === 0) return ['No strays']
  return ['Strays (tycho doctor --remove UID… removes them):', ...strayLines(strays)]
}

/** Each incarnation, and below it an object a line. */
export function strayLines(strays: readonly Stray[]): string[] {
  return strays.flatMap((stray) => [
    `  ${headOf(stray)}`,
    ...alignColumns(stray.objects.map(({ subject, uid, createdAt }) => [subject, uid, createdAt])).map(
      (line) => `    ${line}`,
    ),
  ])
}

function headOf({ tenant, namespace, system, sid, preparation }: Stray): string {
  const place = `of ${tenant} in ${namespace}`
  return preparation === undefined
    ? `${system}  ${place}, sid ${sid}`
    : `images that are pulled  ${place}, preparation ${preparation}`
}
