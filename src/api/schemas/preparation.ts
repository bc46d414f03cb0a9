// Images that are pulled beforehand: how they are shown, node by node.
import { type Static, Type } from 'typebox'
import { JobError, JobStatus } from '../../jobs/job.ts'
import { MAX_NODES } from '../../jobs/preparation.ts'
import { NodeImages } from '../../system/image-pull.ts'

export const Preparation = Type.Object({
  id: Type.String(),
  href: Type.String(),
  tenant: Type.String(),
  status: JobStatus,
  done: Type.Boolean(),
  revision: Type.Integer(),
  images: Type.Array(Type.String(), { description: 'Each once' }),
  nodes: Type.Array(NodeImages, {
    description: `As far as is known; of more than ${MAX_NODES} those that have everything are left out first`,
  }),
  counts: Type.Object(
    {
      nodes: Type.Integer(),
      present: Type.Integer(),
      pulling: Type.Integer(),
      failed: Type.Integer(),
      unknown: Type.Integer({ description: 'The node has not said anything yet' }),
    },
    { description: 'Of all nodes, and of images on nodes' },
  ),
  progress: Type.Object({ percent: Type.Integer(), message: Type.String() }),
  createdAt: Type.String(),
  startedAt: Type.Optional(Type.String()),
  finishedAt: Type.Optional(Type.String()),
  error: Type.Optional(JobError),
})
export type Preparation = Static<typeof Preparation>

export const PreparationParams = Type.Object({ id: Type.String({ maxLength: 100 }) })
