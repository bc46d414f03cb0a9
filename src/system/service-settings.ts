// What a request says of one service beside the Compose file.
import { type Static, Type } from 'typebox'
import { Exposure } from './endpoint.ts'

/** An address, or a network in CIDR form: IPv4 or IPv6. That the numbers are in range is checked by `isNetwork`. */
export const ServiceSettings = Type.Object(
  {
    exposure: Type.Optional(Exposure),
    clients: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 49 }), {
        maxItems: 100,
        description: 'Addresses and networks (CIDR) that alone may reach the published ports',
      }),
    ),
  },
  { additionalProperties: false },
)
export type ServiceSettings = Static<typeof ServiceSettings>

/** By the service's name. */
export type SettingsByService = Readonly<Record<string, ServiceSettings>>
