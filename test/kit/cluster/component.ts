/** One process of a cluster. */

export type Component = {
  /** Names its pid file and its log. */
  name: string
  command: string
  args: string[]
  /** TCP ports that nobody else may hold. */
  ports: number[]
  isReady: () => Promise<boolean>
  /** How long its start may take at most. */
  patienceMs?: number
}

/** `--name=value` for every entry. */
export const flags = (values: Record<string, string | number | boolean>): string[] =>
  Object.entries(values).map(([name, value]) => `--${name}=${value}`)
