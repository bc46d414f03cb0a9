// What a request has cost so far, over all of its files, so that many small files can't do what one large one may not.

export type Meter = {
  /** Nodes that aliases and merge keys stood for. */
  aliasNodes: number
  /** Tags that say how to merge (`!reset`, `!override`). */
  mergeTags: number
  /** Compose files read: those given, included ones, extended ones; one that is read twice counts twice. */
  loads: number
  /** Entries and items that were put together when files and services were merged. */
  mergedNodes: number
  /** Characters of values with variables, once filled in. */
  filledCharacters: number
  /** Characters of files with variables or labels, each time that one is read. */
  envFileCharacters: number
  /** Nodes that were checked against the table of keys; those behind aliases as often as they are named. */
  checkedNodes: number
  /** Ports that ranges stood for. */
  ports: number
}

export function createMeter(): Meter {
  return {
    aliasNodes: 0,
    mergeTags: 0,
    loads: 0,
    mergedNodes: 0,
    filledCharacters: 0,
    envFileCharacters: 0,
    checkedNodes: 0,
    ports: 0,
  }
}
