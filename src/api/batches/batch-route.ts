// Options of the routes that take a whole batch.
import type { ApiContext } from '../context.ts'

export function batchOptions(context: ApiContext) {
  const { batchLimitBytes, composeLimitBytes, filesLimitBytes } = context
  return { bodyLimit: batchLimitBytes, config: { composeLimitBytes, filesLimitBytes } }
}
