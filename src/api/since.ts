// `since` of a request: a point of time, or how long ago.
import { parseDurationMs } from '../compose/values/duration.ts'

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[-+]\d\d:\d\d)$/i

/**
 * Milliseconds since the epoch; null for what is neither RFC 3339, nor a duration as in a Compose file (`1h30m`), nor a
 * number of seconds.
 */
export function parseSince(text: string, now: number): number | null {
  if (RFC_3339.test(text)) {
    const at = Date.parse(text)
    return Number.isNaN(at) ? null : Math.max(0, at)
  }
  const agoMs = /^\d{1,12}$/.test(text) ? Number(text) * 1000 : parseDurationMs(text)
  return agoMs === null ? null : Math.max(0, now - agoMs)
}
