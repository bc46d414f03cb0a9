// The log of one container, over its runs and over broken connections, without a line told twice.
import type { SystemIdentity } from '../../../system/spec.ts'
import { parseLogLines } from '../../shared/log-lines.ts'
import type { ReadLog } from '../../shared/log-source.ts'
import { codes, hasCode } from './api-error.ts'
import type { Client } from './client.ts'
import { kindOf, pathOf } from './kinds.ts'
import type { PodLogSource } from './log-sources.ts'

/** Throws TychoError: `FORBIDDEN`, `OBJECT_NOT_FOUND` of a pod that is gone, UnavailableError. */
export function createReadLog(client: Client, { namespace }: SystemIdentity): ReadLog<PodLogSource> {
  const kind = kindOf('v1', 'Pod')
  if (!kind) throw new Error('the engine does not know pods')
  return async ({ pod, container }, { tail, since, follow }, signal) => {
    const query = {
      container,
      timestamps: 'true',
      ...(follow && { follow: 'true' }),
      ...(tail !== null && { tailLines: `${tail}` }),
      ...(since !== null && { sinceTime: toSecond(since) }),
    }
    const path = `${pathOf(kind, namespace, pod)}/log`
    const context = { subject: `the log of Pod/${pod}`, namespace }
    const bytes = await client.bytes({ method: 'GET', path, query, accept: '*/*', context }, signal)
    return parseLogLines(bytes)
  }
}

/** The API takes whole seconds; what was earlier in that second comes too, and is left out by its time. */
function toSecond(at: bigint): string {
  const ms = Number(at / 1_000_000_000n) * 1_000
  return new Date(ms).toISOString().replace('.000Z', 'Z')
}

/** Of a container that is no more, or has never begun: there is nothing to be read. */
export function isGoneLog(error: unknown): boolean {
  return hasCode(error, codes.notFound) || hasCode(error, codes.invalid)
}
