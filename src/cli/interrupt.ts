// Ctrl-C while waiting: the wait ends with a word of farewell.

import { onSignal } from '../signals.ts'
import { InterruptedError } from './exit-codes.ts'

/** `signal` aborts with an InterruptedError. */
export function createInterrupt(): Disposable & { signal: AbortSignal } {
  const controller = new AbortController()
  const listening = onSignal(() => controller.abort(new InterruptedError('interrupted')))
  return { signal: controller.signal, [Symbol.dispose]: () => listening[Symbol.dispose]() }
}
