// Rights are welcome, not needed: what may not be read is left out.
import { codes, hasCode } from '../api-error.ts'

/** Undefined where the account may not read it. */
export async function ifAllowed<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading
  } catch (error) {
    if (hasCode(error, codes.forbidden)) return undefined
    throw error
  }
}
