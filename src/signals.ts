// Ctrl-C, once and twice.

/** SIGHUP too: it comes when the terminal is closed. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** 128 and SIGINT's number, as shells have it. */
const interrupted = 130

/** Under npm one Ctrl-C arrives twice: from the terminal, and passed on by npm. */
const echoMs = 500

/**
 * Calls `first` at the first signal; a later one ends the process at once. Disposing it gives the signals back, unless
 * one has come: then the process is on its way out, and an echo must not cut that short.
 */
export function onSignal(first: () => void): Disposable {
  let firstAt: number | null = null
  const handle = () => {
    if (firstAt === null) {
      firstAt = Date.now()
      first()
    } else if (Date.now() - firstAt > echoMs) process.exit(interrupted)
  }
  for (const signal of signals) process.on(signal, handle)
  return {
    [Symbol.dispose]() {
      if (firstAt !== null) return
      for (const signal of signals) process.off(signal, handle)
    },
  }
}
