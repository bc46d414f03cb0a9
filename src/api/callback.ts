// The callback of a request: where events about what it makes are sent, checked before anything is accepted.
import { eventTypes } from '../jobs/event.ts'
import type { Callback } from '../jobs/origin.ts'
import type { Problem } from '../problem.ts'
import { apiError } from './api-error.ts'
import type { ApiContext } from './context.ts'

/**
 * `events` left out: those that end what the request makes; `batch.item.completed` has to be asked for by name. Throws
 * INVALID_REQUEST (400) for a URL that is none and for events that there are not, CALLBACK_NOT_ALLOWED (422) for a
 * place that no webhook is sent to. `field` names the URL in the refusal.
 */
export async function checkCallback(
  { guard }: Pick<ApiContext, 'guard'>,
  url: string,
  events?: readonly string[] | null,
  field = 'callbackUrl',
): Promise<Callback> {
  const problems = [...urlProblems(url, field), ...eventProblems(events ?? [])]
  const [first] = problems
  if (first) throw apiError('INVALID_REQUEST', first.message, { problems })
  await guard.check(url)
  return { url, events: events ?? null }
}

const longestUrl = 2_000

function urlProblems(url: string, field: string): Problem[] {
  if (URL.canParse(url) && url.length <= longestUrl) return []
  return [invalid(field, `${field} is no URL such as https://host/path, of ${longestUrl} characters at most`)]
}

function eventProblems(events: readonly string[]): Problem[] {
  const known: readonly string[] = eventNames
  return events.flatMap((event, at) =>
    known.includes(event)
      ? []
      : [invalid(`callbackEvents[${at}]`, `There is no event ${event}; there are ${known.join(', ')}`)],
  )
}

const eventNames = Object.keys(eventTypes)

function invalid(path: string, message: string): Problem {
  return { code: 'INVALID_FIELD', severity: 'error', path, message }
}
