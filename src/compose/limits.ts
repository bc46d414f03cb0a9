// How much of a Compose file we are willing to read. Data, so that a configuration can change it and an error can name it.

export type ComposeLimits = {
  /** UTF-8 bytes of one Compose text. */
  textBytes: number
  /** Files that come with a request. */
  files: number
  /** Bytes of those together. */
  filesBytes: number
  /** Compose files that are read in all, included and extended ones too; each time counts. */
  loads: number
  /** Includes inside each other, and services that extend each other. */
  loadDepth: number
  /** Entries and items that merging may handle: files, and services that extend others. */
  mergedNodes: number
  /** Characters of `env_file`s and `label_file`s, each time that one is read. */
  envFileCharacters: number
  /** Nodes that aliases and merge keys may add to those written in the files (the reference loader's number). */
  aliasNodes: number
  /** Maps and lists inside each other, aliases expanded. */
  depth: number
  services: number
  /** Ports of one service, ranges expanded. */
  ports: number
  /** Ports of all services, each range expanded as often as it is written. */
  allPorts: number
  /** Characters that variables may put into all values of all files together. */
  interpolatedCharacters: number
  /** Problems in one answer. */
  problems: number
}

export const DEFAULT_LIMITS = {
  textBytes: 1024 * 1024,
  files: 1_000,
  filesBytes: 4 * 1024 * 1024,
  loads: 200,
  loadDepth: 50,
  mergedNodes: 1_000_000,
  envFileCharacters: 8 * 1024 * 1024,
  aliasNodes: 100_000,
  depth: 100,
  services: 1_000,
  ports: 1_000,
  allPorts: 20_000,
  interpolatedCharacters: 4 * 1024 * 1024,
  problems: 200,
} as const satisfies ComposeLimits
