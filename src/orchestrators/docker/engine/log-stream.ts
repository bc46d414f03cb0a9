// The log of one container, and where it comes from.
import { parseLogLines } from '../../shared/log-lines.ts'
import type { LogSource, ReadLog } from '../../shared/log-source.ts'
import { LABEL } from '../labels.ts'
import type { EngineClient } from './client.ts'
import { codes, hasCode } from './engine-error.ts'
import { type LiveContainer, labelsOf, nameOf, timeOf } from './live.ts'
import { joinFrames } from './log-frames.ts'

/** `isTerminal`: its log comes as it was written, without frames. */
export type ContainerLogSource = LogSource & { name: string; isTerminal: boolean }

/** Undefined for one that never ran, and for what is no copy of a service. */
export function toSource(live: LiveContainer): ContainerLogSource | undefined {
  const service = labelsOf(live)[LABEL.service]
  if (service === undefined || timeOf(live.State.StartedAt) === 0) return undefined
  const name = nameOf(live)
  return {
    key: live.Id,
    owner: live.Id,
    name,
    service,
    copy: name.slice(name.lastIndexOf('-') + 1),
    createdAt: live.Created,
    run: live.State.StartedAt ?? '',
    isOver: !live.State.Running,
    isTerminal: live.Config.Tty ?? false,
  }
}

/** Throws TychoError: `OBJECT_NOT_FOUND` of a container that is gone, UnavailableError. */
export function createReadLog(client: EngineClient): ReadLog<ContainerLogSource> {
  return async ({ key, name, isTerminal }, { tail, since, follow }, signal) => {
    const query = {
      ...{ stdout: true, stderr: true, timestamps: true, follow, tail: tail ?? 'all' },
      // Whole seconds: what was earlier in that second comes too, and is left out by its time.
      ...(since !== null && { since: Number(since / 1_000_000_000n) }),
    }
    const path = `/containers/${key}/logs`
    const chunks = await client.stream({ method: 'GET', path, query, what: `log of ${name}` }, signal)
    return parseLogLines(isTerminal ? chunks : joinFrames(chunks))
  }
}

/** Of a container that is no more, or whose logs go where the engine can't read them: there is nothing to be read. */
export function isGoneLog(error: unknown): boolean {
  const isUnreadable = error instanceof Error && /does not support reading/i.test(error.message)
  return isUnreadable || hasCode(error, codes.notFound) || hasCode(error, codes.conflict)
}
