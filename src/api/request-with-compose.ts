// What the routes that take a Compose file have in common: how long a body may be, and in which forms it comes.
import type { ApiContext } from './context.ts'
import { SystemRequest } from './schemas/system-request.ts'

export const composeBody = {
  content: {
    'application/json': { schema: SystemRequest },
    'application/yaml': { schema: { type: 'string', description: 'The Compose file itself' } },
  },
}

/**
 * JSON escapes a byte with up to six (RFC 8259, 7), and a file may be in base64 instead; the other fields need some room
 * as well.
 */
export function composeOptions({ composeLimitBytes, filesLimitBytes }: ApiContext) {
  return {
    bodyLimit: 6 * composeLimitBytes + 2 * filesLimitBytes + 256 * 1024,
    config: { composeLimitBytes, filesLimitBytes },
  }
}
