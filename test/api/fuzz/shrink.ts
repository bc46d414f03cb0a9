// Makes a run that fails smaller, for whoever has to read it.

/** How long it may take: a smaller run is a help, and not the point. */
const mostMs = 30_000

/** Leaves out ever smaller parts as long as what remains fails too; `attempt` answers null for what does not. */
export async function shrink<T>(
  list: readonly T[],
  attempt: (some: readonly T[]) => Promise<unknown>,
): Promise<readonly T[]> {
  const until = Date.now() + mostMs
  let least = list
  for (let size = Math.ceil(list.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = least.length - size; at > -size && Date.now() < until; at -= size) {
      const from = Math.max(at, 0)
      const rest = [...least.slice(0, from), ...least.slice(from + size)]
      if (rest.length < least.length && (await attempt(rest)) !== null) least = rest
    }
  }
  return least
}
