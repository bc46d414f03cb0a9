// What a request does, as the audit calls it: `noun.verb`, from its method and route. Pure.

const nouns: Readonly<Record<string, string>> = {
  systems: 'system',
  jobs: 'job',
  batches: 'batch',
  preparations: 'preparation',
  webhooks: 'webhook',
  tokens: 'token',
}

const verbs: Readonly<Record<string, string>> = {
  POST: 'create',
  PUT: 'put',
  PATCH: 'change',
  DELETE: 'delete',
}

/** Where the contract has a word of its own. */
const ownVerbs: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  system: { POST: 'start', DELETE: 'stop' },
  token: { DELETE: 'revoke' },
}

/** `POST /v1/systems/:name/restart` is `system.restart`, `DELETE /v1/tokens/:id` is `token.revoke`. */
export function actionOf(method: string, route: string): string {
  const [first = 'unknown', ...rest] = route
    .split('/')
    .filter((segment) => segment !== '' && segment !== 'v1' && !segment.startsWith(':'))
  const noun = nouns[first] ?? first
  const verb = rest.length > 0 ? rest.join('.') : (ownVerbs[noun]?.[method] ?? verbs[method] ?? method)
  return `${noun}.${verb}`
}

/** What is made of one thing may be another. */
const subjects: Readonly<Record<string, string>> = { 'batch.prepare': 'preparation' }

/** `system.restart` is about a `system`. */
export function nounOf(action: string): string {
  return subjects[action] ?? action.slice(0, action.indexOf('.'))
}
