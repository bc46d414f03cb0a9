// Lists that could be long: the newest of them, and a word where there are more.
import type { Output } from './output.ts'

/** What a list shows where nobody says how much. */
export const usualLimit = 50

/** `read` is asked for one more than is shown, to know whether there are more. */
export async function readLimited<Of>(
  limit: number,
  read: (limit: number) => Promise<Of[]>,
): Promise<{ shown: Of[]; isCut: boolean }> {
  const found = await read(limit + 1)
  return { shown: found.slice(0, limit), isCut: found.length > limit }
}

export function noteIfCut(isCut: boolean, limit: number, output: Output): void {
  if (isCut) output.note(`There are more than these ${limit}: --limit shows them`)
}
