// How published ports get out of a system, and where they can be reached.
import { type Static, Type } from 'typebox'

export const Exposure = Type.Union([
  Type.Literal('nodePort'),
  Type.Literal('loadBalancer'),
  Type.Literal('clusterIP'),
  Type.Literal('ingress'),
])
export type Exposure = Static<typeof Exposure>

/** Where a published port can be reached. `url` is null until an address is known. */
export const Endpoint = Type.Object({
  service: Type.String(),
  containerPort: Type.Integer(),
  protocol: Type.Union([Type.Literal('tcp'), Type.Literal('udp'), Type.Literal('sctp')]),
  port: Type.Integer(),
  url: Type.Union([Type.String(), Type.Null()]),
})
export type Endpoint = Static<typeof Endpoint>
