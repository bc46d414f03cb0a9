// What a batch needs as lines of text. Pure.
import type { BatchPlan } from '../../client/shapes.ts'
import { oneLine } from '../one-line.ts'
import { alignColumns } from '../table.ts'

export function planLines({ name, members, needs }: BatchPlan): string[] {
  return [`${name}: ${members} ${members === 1 ? 'system' : 'systems'}`, '', ...alignColumns(needRows(needs))]
}

function needRows(needs: BatchPlan['needs']): string[][] {
  const objects = Object.entries(needs.objects).map(([kind, count]) => [kind, `${count}`])
  return [
    ['NEEDS', ''],
    ...objects,
    ['pods', `${needs.pods}`],
    ['node ports', `${needs.nodePorts}`],
    ['CPU', amountsOf(needs.cpu, (cores) => `${cores}`)],
    ['memory', amountsOf(needs.memory, toSize)],
    ...(needs.storage > 0 ? [['volumes', toSize(needs.storage)]] : []),
    ...needs.images.map((image, at) => [at === 0 ? 'images' : '', oneLine(image)]),
  ]
}

function amountsOf({ requests, limits }: { requests: number; limits: number }, show: (n: number) => string) {
  return requests === 0 && limits === 0
    ? 'nothing set aside, no limit'
    : `${show(requests)} set aside, at most ${limits === 0 ? 'what is free' : show(limits)}`
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

/** `1.5 GiB`. */
export function toSize(bytes: number): string {
  let [amount, unit] = [bytes, 0]
  for (; amount >= 1024 && unit < UNITS.length - 1; unit += 1) amount /= 1024
  return `${Math.round(amount * 10) / 10} ${UNITS[unit]}`
}
