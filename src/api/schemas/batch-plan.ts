// What a batch would need and what the cluster has, as it is told before a launch.
import { type Static, Type } from 'typebox'
import { Problem } from '../../problem.ts'
import { AcceptedBatch, Batch } from './batch.ts'
import { BoundUse } from './shortage.ts'

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

/** What the rights do not allow to be read. */
const Unknown = Type.Literal('unknown')

const amount = (description: string) =>
  Type.Object(
    {
      allocatable: Type.Number(),
      requested: Type.Union([Type.Number(), Unknown], { description: 'By the pods that run' }),
    },
    { description },
  )

const { needed: _needed, ...bound } = BoundUse.properties
const Bound = Type.Object(bound)

const NamespaceCapacity = Type.Object({
  namespace: Type.String(),
  state: Type.Unsafe<'present' | 'absent' | 'leaving' | 'unknown'>({
    type: 'string',
    enum: ['present', 'absent', 'leaving', 'unknown'],
  }),
  bounds: Type.Array(Bound),
  unknown: Type.Array(Type.String(), { description: 'Of what it may not be read how much there is' }),
})

const NodePorts = Type.Object({
  limit: Type.Integer(),
  used: Type.Integer({ description: 'Without what other batches will take' }),
  counted: Type.Unsafe<'everywhere' | 'namespaces'>({
    type: 'string',
    enum: ['everywhere', 'namespaces'],
    description: 'Whether they may be seen everywhere, or in the namespaces of systems alone',
  }),
})

const ImageOnNodes = Type.Object({
  image: Type.String(),
  present: Type.Integer({ description: 'On so many nodes' }),
  lacking: Type.Array(Type.String(), {
    description: 'Nodes that do not tell of it, twenty at most; each tells of its fifty largest images',
  }),
})

export const ClusterCapacity = Type.Object({
  nodes: Type.Union([
    Type.Object({
      count: Type.Integer({ description: 'Of those that take pods' }),
      cpu: amount('Cores'),
      memory: amount('Bytes'),
      pods: amount('How many the nodes take'),
    }),
    Unknown,
  ]),
  images: Type.Union([Type.Array(ImageOnNodes), Unknown]),
  nodePorts: NodePorts,
  services: Type.Union([Bound, Unknown], { description: 'Of all namespaces' }),
  namespaces: Type.Array(NamespaceCapacity, { description: 'Those of the tenant' }),
})
export type ClusterCapacity = Static<typeof ClusterCapacity>

export const BatchPlan = Type.Object({
  name: Type.String(),
  members: Type.Integer({ description: 'Systems that would be started' }),
  exposure: Batch.properties.exposure,
  needs: BatchNeeds,
  cluster: ClusterCapacity,
  fits: Type.Boolean({ description: 'Whether all would have a place, and the nodes room for their pods' }),
  spread: Batch.properties.spread,
  withoutPlace: Type.Integer({ description: 'Systems for which no namespace has room' }),
  problems: Type.Array(Problem, {
    description:
      'Errors: why a launch would be refused. Warnings: what would be launched, and might have to wait',
  }),
  skippedItems: AcceptedBatch.properties.skippedItems,
})
export type BatchPlan = Static<typeof BatchPlan>
