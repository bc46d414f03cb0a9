// What a request's JSON looks like as text, also where nobody could write it.

/** Null for what is nested deeper than the stack: it is refused by whoever reads it, for there is a limit for that. */
export function jsonText(value: unknown): string | null {
  try {
    return JSON.stringify(value)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
