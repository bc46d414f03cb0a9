// Waiting of a loop: until somebody rings, but not for ever. What rings while the loop is at work is heard at its next wait.

export type Bell = { ring(): void; rung(forMs: number): Promise<void> }

/** The signal rings too. */
export function createBell(signal: AbortSignal): Bell {
  let isRung = false
  let wake = () => {}
  const ring = () => {
    isRung = true
    wake()
  }
  signal.addEventListener('abort', ring)
  return {
    ring,
    async rung(forMs: number): Promise<void> {
      if (!isRung) {
        const { promise, resolve } = Promise.withResolvers<void>()
        wake = resolve
        const timer = setTimeout(resolve, forMs)
        await promise
        clearTimeout(timer)
      }
      isRung = false
    },
  }
}
