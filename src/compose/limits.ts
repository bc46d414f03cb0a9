// How much of a Compose file we are willing to read. Data, so that a configuration can change it and an error can name it.

export type ComposeLimits = {
  /** UTF-8 bytes of one Compose text. */
  textBytes: number
  /** Nodes that aliases and merge keys may add to those written in the file (the reference loader's number). */
  aliasNodes: number
  /** Maps and lists inside each other, aliases expanded. */
  depth: number
  services: number
  /** Ports of one service, ranges expanded. */
  ports: number
  /** Characters that variables may put into all values of a file together. */
  interpolatedCharacters: number
  /** Problems in one answer. */
  problems: number
}

export const DEFAULT_LIMITS = {
  textBytes: 1024 * 1024,
  aliasNodes: 100_000,
  depth: 100,
  services: 1_000,
  ports: 1_000,
  interpolatedCharacters: 4 * 1024 * 1024,
  problems: 200,
} as const satisfies ComposeLimits
