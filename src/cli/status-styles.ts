// One colour for each status, wherever jobs and batches are shown.
import type { Job } from '../client/shapes.ts'
import type { Style } from './paint.ts'

export const statusStyles = {
  queued: 'dim',
  running: 'yellow',
  succeeded: 'green',
  failed: 'red',
  canceled: 'dim',
} as const satisfies Record<Job['status'], Style>

export const statuses = Object.keys(statusStyles) as Job['status'][]
