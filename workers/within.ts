// Waits for something, but not without limit.

/** Whether the promise settled within so many milliseconds. Rejects as it does. */
export async function within(promise: PromiseLike<unknown>, ms: number): Promise<boolean> {
  const late = Promise.withResolvers<false>()
  const timer = setTimeout(() => late.resolve(false), ms)
  try {
    return await Promise.race([promise.then(() => true), late.promise])
  } finally {
    clearTimeout(timer)
  }
}
