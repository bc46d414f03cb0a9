// Ctrl-C while waiting: the wait ends with a word of farewell; a second one ends the process at once.
import { InterruptedError } from './exit-codes.ts'

const signals = ['SIGINT', 'SIGTERM'] as const

/** `signal` aborts with an InterruptedError. Disposing it gives the signals back to the process. */
export function createInterrupt(): Disposable & { signal: AbortSignal } {
  const controller = new AbortController()
  const stopListening = () => {
    for (const name of signals) process.off(name, interrupt)
  }
  const interrupt = () => {
    stopListening()
    controller.abort(new InterruptedError('interrupted'))
  }
  for (const name of signals) process.on(name, interrupt)
  return { signal: controller.signal, [Symbol.dispose]: stopListening }
}
