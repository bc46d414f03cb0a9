/** Permission bits from octal digits, `0440` or `0o440`; null for what is none. */
export function parseMode(text: string): number | null {
  const match = /^(?:0o?)?([0-7]{1,4})$/.exec(text)
  return match?.[1] === undefined ? null : Number.parseInt(match[1], 8)
}
