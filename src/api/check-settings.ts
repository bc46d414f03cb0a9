// What a request says of single services, against the services that there are.
import { isIP } from 'node:net'
import type { Problem } from '../problem.ts'
import type { SettingsByService } from '../system/service-settings.ts'
import type { SystemSpec } from '../system/spec.ts'
import { apiError } from './api-error.ts'

/** Throws INVALID_REQUEST for a service that the file does not have, and for a client that is no network. */
export function checkSettings(settings: SettingsByService, spec: SystemSpec): void {
  const problems = Object.entries(settings).flatMap(([name, { clients = [] }]) => {
    const path = `services.${name}`
    if (!Object.hasOwn(spec.services, name)) return [invalid(path, `The file has no service ${name}`)]
    return clients.flatMap((client, at) =>
      isNetwork(client)
        ? []
        : [invalid(`${path}.clients[${at}]`, `${client} is no address and no network such as 192.0.2.0/24`)],
    )
  })
  if (problems.length === 0) return
  throw apiError('INVALID_REQUEST', problems[0]?.message ?? 'The request is wrong', { problems })
}

/** An address, with or without the length of a prefix (RFC 4632, RFC 4291 section 2.3). */
export function isNetwork(text: string): boolean {
  const [address = '', length, ...rest] = text.split('/')
  const version = isIP(address)
  if (version === 0 || address.includes('%') || rest.length > 0) return false
  return length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= (version === 4 ? 32 : 128))
}

function invalid(path: string, message: string): Problem {
  return { code: 'INVALID_FIELD', severity: 'error', path, message }
}
