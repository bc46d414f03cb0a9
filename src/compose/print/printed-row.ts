// One rule of printing: a value that Docker's Compose writes in one way, however the file wrote it.
import type { Node } from '../node.ts'

/** Plain data; undefined leaves the key out. */
export type Print = (node: Node) => unknown

/** `path`: a pattern, as in the table of keys. What has no row is printed as it is. */
export type PrintedRow = { path: string; about: string; print: Print }
