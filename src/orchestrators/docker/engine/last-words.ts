// The last log lines of a service that is not well.
import type { SystemIdentity } from '../../../system/spec.ts'
import type { LastWords } from '../../orchestrator.ts'
import { LABEL } from '../labels.ts'
import type { EngineClient } from './client.ts'
import { type LiveContainer, nameOf } from './live.ts'
import { createReadLog, isGoneLog, toSource } from './log-stream.ts'
import type { Requests } from './requests.ts'
import { ofIncarnation } from './selectors.ts'

const lines = 20
const longestLine = 500

/** Of the copy that has failed most, of the newest where several have failed alike. */
export async function readLastWords(
  { client, requests }: { client: EngineClient; requests: Requests },
  identity: SystemIdentity,
  service: string,
  signal: AbortSignal,
): Promise<LastWords | null> {
  const listed = await requests.containers(ofIncarnation(identity), signal)
  const own = listed.filter(({ Labels }) => Labels?.[LABEL.service] === service)
  const read = own.map(({ Id }) => requests.container(Id, signal))
  const live = (await Promise.all(read)).flatMap((one) => one ?? [])
  const speaker = live.filter(isUnwell).sort(worstFirst)[0]
  const source = speaker && toSource(speaker)
  if (!speaker || !source) return null
  try {
    const request = { tail: lines, since: null, follow: false }
    const said: string[] = []
    for await (const { text } of await createReadLog(client)(source, request, signal)) said.push(text)
    return {
      container: nameOf(speaker),
      lines: said
        .map(cut)
        .filter((line) => line !== '')
        .slice(-lines),
    }
  } catch (error) {
    // The reason stands without it.
    if (isGoneLog(error)) return null
    throw error
  }
}

function isUnwell({ State: state }: LiveContainer): boolean {
  const isWell = state.Running && !state.Restarting && (state.Health?.Status ?? 'healthy') === 'healthy'
  return !isWell && !(state.Status === 'exited' && state.ExitCode === 0)
}

function worstFirst(a: LiveContainer, b: LiveContainer): number {
  return (b.RestartCount ?? 0) - (a.RestartCount ?? 0) || b.Created.localeCompare(a.Created)
}

function cut(line: string): string {
  const text = line.trimEnd()
  return text.length > longestLine ? `${text.slice(0, longestLine)}…` : text
}
