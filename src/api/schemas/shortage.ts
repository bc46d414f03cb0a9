// What there is too little of for a request, in numbers.
import { type Static, Type } from 'typebox'

export const BoundUse = Type.Object({
  of: Type.String({
    description:
      'A kind of object (`Deployment`), or `pods`, `nodePorts`, `cpuRequests`, `cpuLimits` (cores), `memoryRequests`, `memoryLimits`, `storage` (bytes)',
  }),
  limit: Type.Number(),
  used: Type.Number({
    description: 'Also what other batches will take that are accepted and not yet started',
  }),
  needed: Type.Number(),
  quota: Type.Optional(
    Type.String({ description: 'The ResourceQuota that says so; absent: a limit of scale' }),
  ),
})
export type BoundUse = Static<typeof BoundUse>

export const Shortage = Type.Object({
  ...BoundUse.properties,
  namespace: Type.Optional(Type.String({ description: 'Absent: of the whole cluster' })),
})
export type Shortage = Static<typeof Shortage>
