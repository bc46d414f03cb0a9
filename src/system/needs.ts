// What systems take of where they run, in numbers that can be added up and held against what is there. Pure.

/** `cpu`: cores. `memory`, `storage`: bytes. `requests` are set aside; `limits` may be used where they are free. */
export type Needs = {
  /** Kind of object -> how many. */
  objects: Record<string, number>
  /** Copies of all workloads; of one that runs on every node, one. */
  pods: number
  /** Ports of every node, one for each port that is published so. */
  nodePorts: number
  cpuRequests: number
  cpuLimits: number
  memoryRequests: number
  memoryLimits: number
  storage: number
  /** Each once. */
  images: string[]
}

export const NO_NEEDS: Needs = {
  objects: {},
  pods: 0,
  nodePorts: 0,
  cpuRequests: 0,
  cpuLimits: 0,
  memoryRequests: 0,
  memoryLimits: 0,
  storage: 0,
  images: [],
}

/** Name of what is counted -> how much: a kind of object, or one of the numbers of `Needs`. */
export type Amounts = Record<string, number>

export function amountsOf({ objects, images: _names, ...numbers }: Needs): Amounts {
  return { ...numbers, ...objects }
}

/** `parts`: needs, and how many times they are there. */
export function sumNeeds(parts: Iterable<readonly [needs: Needs, times: number]>): Needs {
  const sum = structuredClone(NO_NEEDS)
  const images = new Set<string>()
  for (const [needs, times] of parts) {
    for (const [kind, count] of Object.entries(needs.objects))
      sum.objects[kind] = (sum.objects[kind] ?? 0) + times * count
    for (const name of numbers) sum[name] += times * needs[name]
    for (const image of needs.images) images.add(image)
  }
  for (const name of numbers) sum[name] = toThousandths(sum[name])
  return { ...sum, images: [...images].sort() }
}

const numbers = [
  'pods',
  'nodePorts',
  'cpuRequests',
  'cpuLimits',
  'memoryRequests',
  'memoryLimits',
  'storage',
] as const satisfies (keyof Needs)[]

/** The smallest part of a core that can be asked for; what is finer is noise of adding up. */
export function toThousandths(amount: number): number {
  return Math.round(amount * 1000) / 1000
}
