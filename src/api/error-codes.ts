// Every code that a refused request can carry: its HTTP status, and what it means. The documentation's table is this.

type ErrorCodeRow = { status: number; about: string }

export const errorCodes = {
  INVALID_REQUEST: {
    status: 400,
    about: 'The request does not match its schema; `problems` has every field.',
  },
  MALFORMED_BODY: { status: 400, about: 'The body is no JSON, no UTF-8, or is cut short.' },
  MALFORMED_URL: { status: 400, about: "The URL can't be decoded." },
  MALFORMED_REQUEST: { status: 400, about: 'What came is no HTTP request; the connection is closed.' },
  INVALID_PAGE_TOKEN: { status: 400, about: 'The `pageToken` was not given out by this list.' },
  NAME_MISMATCH: { status: 400, about: 'The body names another system than the URL.' },
  UNAUTHENTICATED: { status: 401, about: 'The call needs a token.' },
  TOKEN_INVALID: {
    status: 401,
    about: 'The token is unknown, revoked, damaged, or meant for another server.',
  },
  TOKEN_EXPIRED: { status: 401, about: 'The token was good until a time that is over.' },
  HOST_NOT_ALLOWED: {
    status: 403,
    about: 'The server listens on loopback for calls without a token, and `Host` is no loopback name.',
  },
  INSUFFICIENT_SCOPE: { status: 403, about: 'The caller is known, but may not do this.' },
  SYSTEM_LIMIT: { status: 403, about: 'The tenant has as many systems as it may have.' },
  NO_TENANT: { status: 403, about: 'The token is good, but nothing says for which tenant it speaks.' },
  TOO_MANY_WEBHOOKS: { status: 403, about: 'The tenant has as many webhook endpoints as it may have.' },
  LOGS_FORBIDDEN: {
    status: 403,
    about:
      'The account with which the API reads the cluster may not read logs there; the operator can allow it.',
  },
  ROUTE_NOT_FOUND: { status: 404, about: 'There is no such method and path.' },
  SYSTEM_NOT_FOUND: {
    status: 404,
    about: 'The tenant has no such system, or nothing of it is left to stop.',
  },
  SERVICE_NOT_FOUND: { status: 404, about: 'The system has no such service; the answer names those it has.' },
  NO_LOGS: {
    status: 404,
    about: 'No container of the system has run yet, or none is left of one that was suspended.',
  },
  NOTHING_APPLIED: {
    status: 404,
    about: 'No object of the system was applied yet, or what was applied is kept no longer.',
  },
  COMPOSE_NOT_KEPT: {
    status: 404,
    about: 'What the system was started from is kept no longer; the next PUT brings it.',
  },
  TOKEN_NOT_FOUND: { status: 404, about: 'There is no token of this id, or it was revoked.' },
  JOB_NOT_FOUND: { status: 404, about: 'The tenant has no such job, or it is kept no longer.' },
  NOT_ACCEPTABLE: { status: 406, about: 'The answer is in no form that `Accept` names.' },
  WEBHOOK_NOT_FOUND: { status: 404, about: 'The tenant has no such webhook endpoint.' },
  DELIVERY_NOT_FOUND: {
    status: 404,
    about: 'There is no such delivery to that endpoint, or it is kept no longer.',
  },
  DELIVERY_PENDING: { status: 409, about: 'The delivery is on its way; it is not begun again.' },
  WEBHOOK_DISABLED: { status: 409, about: 'The endpoint is disabled, so that nothing is delivered to it.' },
  BATCH_NOT_FOUND: { status: 404, about: 'The tenant has no such batch, or it is kept no longer.' },
  PREPARATION_NOT_FOUND: {
    status: 404,
    about: 'The tenant has no such preparation, or it is kept no longer.',
  },
  NOT_A_STRAY: {
    status: 409,
    about: 'An object that was named for removal is gone, or a system that is known has it.',
  },
  NAME_TAKEN: {
    status: 409,
    about: 'The name of the system, or of one of its objects, is held by another system.',
  },
  CHANGE_UNDER_WAY: {
    status: 409,
    about: 'The system is being removed, or another change is in the way; try again when that is done.',
  },
  SYSTEM_SUSPENDED: {
    status: 409,
    about: 'The system is suspended, so that nothing of it runs that could be restarted; resume it.',
  },
  NOT_RUNNING: {
    status: 409,
    about:
      'The system has never run, has ended or has failed: there is nothing to restart, suspend or resume.',
  },
  CANNOT_CANCEL: { status: 409, about: 'The job stops a system: that can not be called off.' },
  SECRET_SHOWN: {
    status: 409,
    about:
      'The `Idempotency-Key` was used: what it made is there, but its secret was shown with the first answer alone.',
  },
  NOT_RETRYABLE: {
    status: 409,
    about: 'The job has not failed, its system has changed since, or what it was to run is kept no longer.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    about: 'The request did not arrive as a whole in time; the connection is closed.',
  },
  COMPOSE_TOO_LARGE: {
    status: 413,
    about: 'The Compose text is longer than the limit that the answer names.',
  },
  FILES_TOO_LARGE: {
    status: 413,
    about: 'The files of the request are larger together than the limit that the answer names.',
  },
  BODY_TOO_LARGE: { status: 413, about: 'The body is longer than the limit that the answer names.' },
  URL_TOO_LONG: { status: 414, about: 'The URL is longer than the server reads; the connection is closed.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, about: 'The route takes another `Content-Type`.' },
  INVALID_ITEMS: {
    status: 422,
    about:
      "Items of the batch can't be run, and nothing was accepted; `problems` has them by their index. With `onInvalid: skip` the others are.",
  },
  TOO_MANY_IMAGES: {
    status: 422,
    about: 'The batch needs more different images than are prepared at once; the answer names the limit.',
  },
  BATCH_DOES_NOT_FIT: {
    status: 422,
    about:
      'There is not enough room for the batch where the systems of the tenant run; `shortages` has the numbers. `POST /v1/batches/plan` shows them before.',
  },
  INVALID_SYSTEM: { status: 422, about: "The Compose file can't be run; `problems` has every reason." },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    about: 'The `Idempotency-Key` came with another body or query before.',
  },
  CALLBACK_NOT_ALLOWED: {
    status: 422,
    about:
      'No webhook is sent to that URL: it is not http or https, or leads to an address that is not public.',
  },
  TOO_MANY_FAILURES: { status: 429, about: 'Too many tokens that are not good came from this address.' },
  RATE_LIMITED: { status: 429, about: 'The tenant has made as many requests as it may make in a minute.' },
  JOB_LIMIT: { status: 429, about: 'The tenant has as many pending jobs as it may have.' },
  TOO_MANY_PREPARATIONS: {
    status: 429,
    about: 'The tenant has as many preparations under way as it may have; the answer names the limit.',
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    about: 'The headers together are longer than the server reads; the connection is closed.',
  },
  INTERNAL_ERROR: { status: 500, about: 'A defect of the server; its log has the request id.' },
  QUEUE_FULL: { status: 503, about: 'Too many jobs of all tenants together are pending.' },
  ISSUER_UNAVAILABLE: {
    status: 503,
    about: 'The issuer of the token is away; the same request may succeed later.',
  },
  TOKEN_REVIEW_UNAVAILABLE: {
    status: 503,
    about: 'The cluster can not check the token now; the same request may succeed later.',
  },
  REDIS_UNAVAILABLE: { status: 503, about: 'Redis is away; the same request may succeed later.' },
  CLUSTER_UNAVAILABLE: {
    status: 503,
    about: 'The cluster is away or too busy for what is read from it alone; try again.',
  },
  NO_CLUSTER: { status: 503, about: 'No cluster is configured, and the request reads from it.' },
  KUBECONFIG_INVALID: {
    status: 503,
    about: "The server's kubeconfig can't be used, and the request reads from the cluster.",
  },
  CLUSTER_CREDENTIALS: { status: 503, about: "The server's credentials for the cluster can't be read." },
  CLUSTER_UNREACHABLE: { status: 503, about: "The cluster can't be reached, and the request reads from it." },
  CLUSTER_TIMEOUT: { status: 503, about: 'The cluster did not answer in time.' },
  CLUSTER_CONNECTION_LOST: { status: 503, about: 'The connection to the cluster broke while it was read.' },
  CLUSTER_BUSY: { status: 503, about: 'The cluster asks to be left alone for a while.' },
  CLUSTER_REFUSED: {
    status: 503,
    about: 'The cluster refuses what the request reads; `detail` has its words.',
  },
  CONTENDED: {
    status: 503,
    about: 'The system changed each time the request was about to change it; try again.',
  },
} as const satisfies Record<string, ErrorCodeRow>

export type ErrorCode = keyof typeof errorCodes
