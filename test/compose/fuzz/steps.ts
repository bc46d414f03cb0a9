// What reading a file has cost, counted and not timed.
import type { ParsedCompose } from '../../../src/compose/parse.ts'

/** In nodes and ports. */
export function stepsOf({ meter }: ParsedCompose): number {
  return meter.checkedNodes + meter.mergedNodes + meter.aliasNodes + meter.ports
}

/**
 * The most that a text of so many characters may cost: a node takes a character at least; what aliases stand for, and
 * ranges of ports, have limits of their own.
 */
export function boundOf(size: number, { meter }: ParsedCompose): number {
  return 4 * size + 100 + 3 * meter.aliasNodes + meter.ports
}
