// Walks through the text of a file of variables.

export type Scanner = { text: string; at: number }

/** Takes what a sticky expression finds here; null where it finds nothing. */
export function take(scanner: Scanner, expression: RegExp): RegExpExecArray | null {
  expression.lastIndex = scanner.at
  const found = expression.exec(scanner.text)
  if (found) scanner.at = expression.lastIndex
  return found
}
