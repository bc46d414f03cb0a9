// Reads counters out of the text that Prometheus reads.

export type Sample = { labels: Readonly<Record<string, string>>; value: number }

/** All samples of that name. */
export function samplesOf(text: string, name: string): Sample[] {
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`))
  return lines.map((line) => ({
    labels: Object.fromEntries([...line.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value])),
    value: Number(line.slice(line.lastIndexOf(' ') + 1)),
  }))
}

/** Sums by what `keyOf` says of the labels; null: it does not count. */
export function sumsOf(
  samples: readonly Sample[],
  keyOf: (labels: Sample['labels']) => string | null,
): Map<string, number> {
  const sums = new Map<string, number>()
  for (const { labels, value } of samples) {
    const key = keyOf(labels)
    if (key !== null) sums.set(key, (sums.get(key) ?? 0) + value)
  }
  return sums
}

/** What was added from the first to the second; what stayed is left out. */
export function growthOf(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): Map<string, number> {
  const grown = [...after].map(([key, value]) => [key, value - (before.get(key) ?? 0)] as const)
  return new Map(grown.filter(([, value]) => value !== 0))
}
