// What a batch needs, what the cluster has, and where its systems would run, as lines of text. Pure.
import type { BatchPlan } from '../../client/shapes.ts'
import { oneLine } from '../one-line.ts'
import type { Paint } from '../paint.ts'
import { alignColumns } from '../table.ts'

type Cluster = BatchPlan['cluster']

export function planLines(plan: BatchPlan, paint: Paint): string[] {
  const { name, members, exposure, fits } = plan
  const verdict = fits ? paint('green', 'it fits') : paint('red', 'it does not fit')
  return [
    `${name}: ${members} ${members === 1 ? 'system' : 'systems'}, published by ${exposure}: ${verdict}`,
    '',
    ...needLines(plan),
    '',
    ...spreadLines(plan),
    '',
    ...imageLines(plan),
  ]
}

function needLines({ needs, cluster }: BatchPlan): string[] {
  const { nodes, nodePorts, services } = cluster
  const of = (amount: 'cpu' | 'memory' | 'pods', show: (n: number) => string) =>
    nodes === 'unknown'
      ? ['unknown', 'unknown']
      : [nodes[amount].requested, nodes[amount].allocatable].map(shownBy(show))
  const objects = Object.entries(needs.objects).map(([kind, count]) => {
    const known = kind === 'Service' && services !== 'unknown' ? [services.used, services.limit] : []
    return [kind, `${count}`, ...known.map(String)]
  })
  return alignColumns([
    ['NEEDED', '', 'USED', 'OF'],
    ...objects,
    ['pods', `${needs.pods}`, ...of('pods', String)],
    ['node ports', `${needs.nodePorts}`, usedPorts(nodePorts), `${nodePorts.limit}`],
    ['CPU', `${needs.cpu.requests}${limitOf(needs.cpu.limits, String)}`, ...of('cpu', String)],
    [
      'memory',
      `${toSize(needs.memory.requests)}${limitOf(needs.memory.limits, toSize)}`,
      ...of('memory', toSize),
    ],
    ...(needs.storage > 0 ? [['volumes', toSize(needs.storage)]] : []),
  ])
}

function shownBy(show: (n: number) => string) {
  return (value: number | 'unknown') => (value === 'unknown' ? value : show(value))
}

function limitOf(limit: number, show: (n: number) => string): string {
  return limit === 0 ? '' : ` (at most ${show(limit)})`
}

/** Where they may be counted in some namespaces alone, there may be more. */
function usedPorts({ used, counted }: Cluster['nodePorts']): string {
  return counted === 'everywhere' ? `${used}` : `${used} or more`
}

function spreadLines({ spread, withoutPlace }: BatchPlan): string[] {
  const rows = spread.flatMap(({ namespace, members, bounds }) => {
    const first = [namespace, `${members}`]
    if (bounds.length === 0) return [first]
    return bounds.map(({ of, needed, used, limit, quota }, at) => [
      ...(at === 0 ? first : ['', '']),
      quota === undefined ? of : `${of} (quota ${quota})`,
      ...[needed, used, limit].map((value) => amountOf(of, value)),
    ])
  })
  return [
    ...alignColumns([['NAMESPACE', 'SYSTEMS', 'OF', 'NEEDED', 'USED', 'LIMIT'], ...rows]),
    ...(withoutPlace > 0 ? [`(no place)  ${withoutPlace}`] : []),
  ]
}

function imageLines({ needs, cluster: { images } }: BatchPlan): string[] {
  if (images === 'unknown')
    return alignColumns([['IMAGE', 'NODES'], ...needs.images.map((image) => [oneLine(image), 'unknown'])])
  const rows = images.map(({ image, present, lacking }) => [
    oneLine(image),
    `${present}`,
    lacking.map(oneLine).join(', '),
  ])
  return alignColumns([['IMAGE', 'NODES', 'NOT SEEN ON'], ...rows])
}

function amountOf(of: string, value: number): string {
  return /^(memory|storage)/.test(of) ? toSize(value) : `${value}`
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

/** `1.5 GiB`. */
export function toSize(bytes: number): string {
  let [amount, unit] = [bytes, 0]
  for (; amount >= 1024 && unit < UNITS.length - 1; unit += 1) amount /= 1024
  return `${Math.round(amount * 10) / 10} ${UNITS[unit]}`
}
