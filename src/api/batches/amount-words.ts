// Names and numbers of what is counted, in words. Pure.
import type { BoundUse } from '../../jobs/spread.ts'

const NAMES: Readonly<Record<string, string>> = {
  nodePorts: 'node ports',
  cpuRequests: 'CPU requests',
  cpuLimits: 'CPU limits',
  memoryRequests: 'memory requests',
  memoryLimits: 'memory limits',
  storage: 'storage',
}

/** A kind of object has its own name. */
export function nameOf(of: string): string {
  return NAMES[of] ?? of
}

/** `3000 Deployment are needed and 12 of 2000 used (quota students)`. */
export function sentenceOf({ of, limit, used, needed, quota }: BoundUse): string {
  const by = quota === null ? '' : ` (quota ${quota})`
  return `${nameOf(of)}: ${amount(of, needed)} needed, ${amount(of, used)} of ${amount(of, limit)} used${by}`
}

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

export function amount(of: string, value: number): string {
  if (!/^(memory|storage)/.test(of)) return `${Math.round(value * 1000) / 1000}`
  let [rest, unit] = [value, 0]
  for (; rest >= 1024 && unit < UNITS.length - 1; unit += 1) rest /= 1024
  return `${Math.round(rest * 10) / 10} ${UNITS[unit]}`
}
