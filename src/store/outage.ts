// Which errors mean that Redis is away or can't serve for the moment, as opposed to a mistake of ours.

const connectionCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])

/** The client's own words; it gives these errors neither a class that it exports nor a code. */
const connectionMessages = [
  'Connection is closed.',
  'Command timed out',
  'Command aborted due to connection close',
  "Stream isn't writeable",
  'Reached the max retries per request limit',
]

/** A server that loads its data, is full, or is a replica whose master is gone. */
const serverMessages = /^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|MISCONF|OOM|BUSY|NOREPLICAS)\b/

/** Whether the same command may succeed once Redis is back. */
export function isStoreOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('code' in error && typeof error.code === 'string' && connectionCodes.has(error.code)) return true
  if (error.name === 'ReplyError') return serverMessages.test(error.message)
  return connectionMessages.some((message) => error.message.startsWith(message))
}
