// What a request says of single services, against the services that there are.
import type { Problem } from '../problem.ts'
import { isNetwork } from '../system/network-address.ts'
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

function invalid(path: string, message: string): Problem {
  return { code: 'INVALID_FIELD', severity: 'error', path, message }
}
