// Whether a name or an address is this machine's own, and whether the API may be open to whoever calls it.
import { isIPv4 } from 'node:net'
import { TychoError } from '../problem.ts'

/** `host`: a name, or an address with or without brackets. */
export function isLoopback(host: string): boolean {
  // Asked of each request, and nearly always of this one.
  if (host === '127.0.0.1') return true
  const name = host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .replace(/^::ffff:(?=\d)/, '')
  if (isIPv4(name)) return name.startsWith('127.')
  return name === '::1' || name === 'localhost' || name.endsWith('.localhost')
}

/** Throws OPEN_TO_ALL where calls without a token would be answered to other machines. */
export function checkOpenness(settings: { host: string; anonymousTenant: string | null }): void {
  if (settings.anonymousTenant === null || isLoopback(settings.host)) return
  throw new TychoError(
    'OPEN_TO_ALL',
    `TYCHO_ANONYMOUS_TENANT lets everybody in without a token, and TYCHO_HOST=${settings.host} can be reached from ` +
      'other machines: set TYCHO_HOST to a loopback address, or leave TYCHO_ANONYMOUS_TENANT out and give tokens ' +
      '(TYCHO_ADMIN_TOKEN, then tycho tokens create)',
  )
}
