// Answers of the probes.
import { type Static, Type } from 'typebox'
import { OrchestratorKind } from '../../system/orchestrator-kind.ts'

export const Health = Type.Object({ status: Type.Literal('ok') })
export type Health = Static<typeof Health>

const Reach = Type.Union([Type.Literal('reachable'), Type.Literal('unreachable')])

export const ReadyState = Type.Object({
  status: Type.Union([Type.Literal('ready'), Type.Literal('unavailable')]),
  redis: Reach,
  workers: Type.Integer({ description: 'How many are alive' }),
  orchestrator: Type.Unsafe<OrchestratorKind>({
    ...OrchestratorKind,
    description: 'On what systems run',
  }),
  cluster: Type.Union(Reach.anyOf, { description: 'The cluster, or on Docker the engine' }),
  reason: Type.Optional(Type.String({ description: 'Why something is away' })),
})
export type ReadyState = Static<typeof ReadyState>
