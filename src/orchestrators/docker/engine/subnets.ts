// Which network of the configured range a system gets: the engine's own pools end at some thirty networks.
import { TychoError } from '../../../problem.ts'

/** Addresses of the first and the last of a network, as numbers. */
type Block = { first: number; last: number }

/** 62 addresses for one network of a system. */
const prefix = 26
const size = 2 ** (32 - prefix)

/** The first free network of the ranges (CIDRs, IPv4); `used`: CIDRs of either family, of which none may overlap. */
export function firstFree(ranges: readonly string[], used: readonly string[]): string {
  const taken = used.flatMap((cidr) => toBlock(cidr) ?? [])
  for (const range of ranges) {
    const block = toBlock(range)
    if (!block) continue
    for (let first = block.first; first + size - 1 <= block.last; first += size) {
      const last = first + size - 1
      if (!taken.some((one) => one.first <= last && one.last >= first)) return `${toText(first)}/${prefix}`
    }
  }
  const message = `Every network of ${ranges.join(', ')} is taken: stop a system, or give more in TYCHO_DOCKER_SUBNETS`
  throw new TychoError('SUBNETS_EXHAUSTED', message, { status: 503 })
}

/** Undefined for what is not IPv4. */
export function toBlock(cidr: string): Block | undefined {
  const [address = '', bits = '32'] = cidr.split('/')
  const parts = address.split('.').map(Number)
  const isAddress = parts.length === 4 && parts.every((one) => one >= 0 && one <= 255)
  if (!isAddress) return undefined
  const number = parts.reduce((sum, part) => sum * 256 + part, 0)
  const length = 2 ** (32 - Number(bits))
  const first = Math.floor(number / length) * length
  return { first, last: first + length - 1 }
}

function toText(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.')
}
