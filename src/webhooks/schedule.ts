// When a delivery that has failed is tried again.

/** Of each pause a tenth at most is added, so that what failed together is not all tried together. */
const jitter = 0.1

/** The longest that a receiver can ask for: a day, as the schedule's own longest pause. */
const longestAskedMs = 24 * 3600 * 1000

/** Answers the pause before an attempt (counted from 0) in milliseconds, or null behind the schedule's end. */
export function createSchedule(scheduleMs: readonly number[], random: () => number = Math.random) {
  return (tries: number): number | null => {
    const pauseMs = scheduleMs[tries]
    return pauseMs === undefined ? null : Math.round(pauseMs * (1 + jitter * random()))
  }
}

/** `Retry-After` in milliseconds: seconds, or a date (RFC 9110, 10.2.3). 0 where there is none that says anything. */
export function retryAfterMs(header: string | undefined, now: number): number {
  if (header === undefined) return 0
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), longestAskedMs) : 0
}
