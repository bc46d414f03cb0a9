// A preparation as the contract shows it.
import { toTime } from '../../jobs/job-view.ts'
import { isOver, type PreparationRecord, statusOf } from '../../jobs/preparation.ts'
import { createMasker } from '../../system/secret-values.ts'
import type { Preparation } from '../schemas/preparation.ts'

export function toShownPreparation(record: PreparationRecord): Preparation {
  const { id, tenant, revision, pulls, counts, createdAt, begunAt, finishedAt, ending } = record
  const mask = createMasker(record.secretValues)
  const images = [...new Set(pulls.map(({ image }) => mask(image)))].sort()
  const error = isOver(record) ? ending?.error : null
  return {
    id,
    href: `/v1/preparations/${id}`,
    tenant,
    status: statusOf(record),
    done: isOver(record),
    revision,
    images,
    nodes: record.nodes.map(({ node, images }) => ({
      node,
      images: images.map(({ image, state, reason }) => ({
        image: mask(image),
        state,
        ...(reason && { reason: { ...reason, message: mask(reason.message) } }),
      })),
    })),
    counts,
    progress: { percent: percentOf(record), message: mask(messageOf(record)) },
    createdAt: toTime(createdAt),
    ...(begunAt !== null && { startedAt: toTime(begunAt) }),
    ...(finishedAt !== null && { finishedAt: toTime(finishedAt) }),
    ...(error && { error: { ...error, message: mask(error.message) } }),
  }
}

function totalOf({ counts }: PreparationRecord): number {
  const { present, pulling, failed, unknown } = counts
  return present + pulling + failed + unknown
}

function percentOf(record: PreparationRecord): number {
  if (isOver(record)) return 100
  const total = totalOf(record)
  return total === 0 ? 0 : Math.floor((100 * (record.counts.present + record.counts.failed)) / total)
}

function messageOf(record: PreparationRecord): string {
  const { counts, waits, ending, begunAt } = record
  if (waits) return waits.message
  if (begunAt === null && !ending) return 'Waiting for a worker'
  const { nodes, present, failed } = counts
  const where = nodes === 1 ? '1 node' : `${nodes} nodes`
  const far =
    nodes === 0
      ? 'No node has been seen yet'
      : `${present} of ${totalOf(record)} images are on ${where}${failed > 0 ? `, ${failed} have failed` : ''}`
  return ending && !isOver(record) ? `${far}; removing what pulled them` : far
}
