// After a break the log is asked for again from a little before it: the lines that were told already are left out. Lines
// of one container come in their order, those of several do not, so each container is looked at for itself.

export type RetoldLines = {
  /** A line that was told, and when (ms). */
  told(line: string, at: number): void
  /** From now on lines come again that were told at `from` (ms) or later. */
  resume(from: number): void
  /** Whether the next line that comes was told before the break. */
  isRetold(line: string): boolean
}

/** So many lines are remembered: what a container can say in the moments around a break. */
const mostKept = 5_000

type Told = { line: string; at: number }

export function createRetoldLines(): RetoldLines {
  let kept: Told[] = []
  /** By container: how many times each line may come again. A container that said something new is caught up. */
  const waiting = new Map<string, Map<string, number>>()
  return {
    told(line, at) {
      kept.push({ line, at })
      if (kept.length > 2 * mostKept) kept = kept.slice(-mostKept)
    },
    resume(from) {
      waiting.clear()
      for (const { line } of kept.filter(({ at }) => at >= from)) {
        const lines = waiting.get(speakerOf(line)) ?? new Map<string, number>()
        lines.set(line, (lines.get(line) ?? 0) + 1)
        waiting.set(speakerOf(line), lines)
      }
    },
    isRetold(line) {
      const lines = waiting.get(speakerOf(line))
      const times = lines?.get(line) ?? 0
      if (times > 0) lines?.set(line, times - 1)
      else waiting.delete(speakerOf(line))
      return times > 0
    },
  }
}

/** What stands before the line, where several containers speak. */
function speakerOf(line: string): string {
  return /^[^\s|]+\/[^\s|]+ \| /.exec(line)?.[0] ?? ''
}
