// docs/errors.md: every code of a refused request, from the catalogue.
import { errorCodes } from '../../src/api/error-codes.ts'

/** What a caller does about a status, whatever the code. */
const remedies: Readonly<Record<number, string>> = {
  400: 'Correct the request; the same one is refused again.',
  401: 'Send a token that is good: `Authorization: Bearer …`.',
  403: 'Ask the operator for the right or the room, or make room.',
  404: 'Look for the right id or name: lists show what there is.',
  406: 'Ask for a form that the route has, or leave `Accept` out.',
  408: 'Send the request as a whole, faster.',
  409: 'Look at what is in the way, which `detail` names; then ask again.',
  413: 'Send less: `detail` names the limit.',
  414: 'Put into the body what made the URL long.',
  415: 'Send the body in a form that the route takes, unpacked.',
  422: 'Correct what `problems` names: each has its place.',
  429: 'Wait as long as `Retry-After` says, then send the same request.',
  431: 'Send fewer or shorter headers.',
  500: 'Report it with the `requestId`; it stands in the log of the server.',
  503: 'Wait as long as `Retry-After` says, then send the same request.',
}

export function errorsPage(): string {
  const rows = Object.entries(errorCodes).toSorted(([, one], [, other]) => one.status - other.status)
  return [
    '# Refused requests',
    '',
    'Written by `npm run docs` from `src/api/error-codes.ts`.',
    '',
    'A refusal is `application/problem+json` (RFC 9457). Its `code` is stable and is one of these; its `type` is',
    '`urn:tycho:error:` and the code; `detail` says what is wrong with this request, and `problems` every place of it.',
    '`requestId` stands in the log of the server, too. A job that was accepted and failed later is no refusal: see',
    '[failures.md](failures.md).',
    '',
    '| code | status | meaning | what to do |',
    '|---|---|---|---|',
    ...rows.map(
      ([code, { status, about }]) => `| \`${code}\` | ${status} | ${about} | ${remedyOf(status)} |`,
    ),
    '',
  ].join('\n')
}

/** Throws where a status of the catalogue has none: whoever adds one says what to do about it. */
function remedyOf(status: number): string {
  const remedy = remedies[status]
  if (remedy === undefined) throw new Error(`say what to do about ${status} in scripts/docs/errors-page.ts`)
  return remedy
}
