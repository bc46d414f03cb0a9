// What a batch would need, as it is told before a launch.
import { type Static, Type } from 'typebox'
import { Problem } from '../../problem.ts'
import { AcceptedBatch } from './batch.ts'

const amounts = (description: string) =>
  Type.Object(
    {
      requests: Type.Number({ description: 'Set aside' }),
      limits: Type.Number({
        description: 'May be used where it is free; of what has none nothing is counted',
      }),
    },
    { description },
  )

export const BatchNeeds = Type.Object({
  objects: Type.Record(Type.String(), Type.Integer(), { description: 'Kind of object -> how many' }),
  pods: Type.Integer({ description: 'Copies of all workloads; of one that runs on every node, one' }),
  nodePorts: Type.Integer(),
  cpu: amounts('Cores'),
  memory: amounts('Bytes'),
  storage: Type.Integer({ description: 'Bytes of the volumes that are claimed' }),
  images: Type.Array(Type.String(), { description: 'Each once' }),
})
export type BatchNeeds = Static<typeof BatchNeeds>

export const BatchPlan = Type.Object({
  name: Type.String(),
  members: Type.Integer({ description: 'Systems that would be started' }),
  needs: BatchNeeds,
  problems: Type.Array(Problem),
  skippedItems: AcceptedBatch.properties.skippedItems,
})
export type BatchPlan = Static<typeof BatchPlan>
