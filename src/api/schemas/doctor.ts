// What the operator is told of the installation's state.
import { type Static, Type } from 'typebox'

const Part = Type.Object({
  name: Type.Union([
    Type.Literal('redis'),
    Type.Literal('workers'),
    Type.Literal('cluster'),
    Type.Literal('engine'),
    Type.Literal('swarm'),
  ]),
  ok: Type.Boolean(),
  version: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String({ description: 'Why it is not, or what is to be known of it' })),
})

const StrayObject = Type.Object({ subject: Type.String(), uid: Type.String(), createdAt: Type.String() })

export const Stray = Type.Object(
  {
    tenant: Type.String(),
    namespace: Type.String(),
    system: Type.Optional(Type.String()),
    sid: Type.Optional(Type.String({ description: 'Of the incarnation' })),
    preparation: Type.Optional(
      Type.String({
        description: 'Instead of both: id of what pulls images beforehand; it is removed as a whole',
      }),
    ),
    objects: Type.Array(StrayObject),
  },
  { description: 'Objects of one incarnation of a system, or of one preparation, that no record tells of' },
)
export type Stray = Static<typeof Stray>

export const Doctor = Type.Object({
  version: Type.String({ description: 'Of this server' }),
  node: Type.String(),
  healthy: Type.Boolean({ description: 'Every part is there, and there are no strays' }),
  parts: Type.Array(Part),
  strays: Type.Optional(
    Type.Array(Stray, { description: 'Absent where the cluster, or Redis, can not be asked' }),
  ),
})
export type Doctor = Static<typeof Doctor>

export const StrayRemoval = Type.Object(
  {
    objects: Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
      minItems: 1,
      maxItems: 1000,
      uniqueItems: true,
      description: 'Their uids, as `GET /v1/doctor` shows them',
    }),
  },
  { additionalProperties: false },
)
export type StrayRemoval = Static<typeof StrayRemoval>

export const StrayRemovalAnswer = Type.Object({ strays: Type.Array(Stray) })
export type StrayRemovalAnswer = Static<typeof StrayRemovalAnswer>
