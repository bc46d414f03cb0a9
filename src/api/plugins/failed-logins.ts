// How often one address may show a token that is not good: looking at one costs more than sending it.
import ipaddr from 'ipaddr.js'

/** So many in a minute; who guesses has no use for that. */
export const failuresPerMinute = 30

const windowMs = 60_000

/** Addresses that are remembered; the oldest are forgotten first. */
const maxAddresses = 10_000

export type FailedLogins = {
  /** Seconds for which no token of this address is looked at; 0: it is. */
  blockedSeconds(address: string): number
  note(address: string): void
}

export function createFailedLogins(): FailedLogins {
  const byNetwork = new Map<string, { failures: number; until: number }>()
  const find = (network: string) => {
    const found = byNetwork.get(network)
    return found && found.until > Date.now() ? found : undefined
  }
  return {
    blockedSeconds(address) {
      const found = find(networkOf(address))
      if (!found || found.failures < failuresPerMinute) return 0
      return Math.ceil((found.until - Date.now()) / 1000)
    },
    note(address) {
      const network = networkOf(address)
      const found = find(network)
      if (found) found.failures += 1
      else {
        byNetwork.delete(network)
        const [oldest] = byNetwork.keys()
        if (byNetwork.size >= maxAddresses && oldest !== undefined) byNetwork.delete(oldest)
        byNetwork.set(network, { failures: 1, until: Date.now() + windowMs })
      }
    },
  }
}

/** One customer of an IPv6 network has at least 64 bits of addresses. */
function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  return parsed.kind() === 'ipv6' ? parsed.toNormalizedString().split(':').slice(0, 4).join(':') : address
}
