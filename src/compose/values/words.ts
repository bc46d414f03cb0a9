// Splits a command line into words as a POSIX shell does (XCU 2.2, "Quoting"), without a shell: nothing is expanded.

const PLAIN = /[^ \t\r\n'"\\]+/y
const SINGLE = /'[^']*'/y
const DOUBLE = /"(?:[^"\\]|\\[\s\S])*"/y
const ESCAPED = /\\[\s\S]/y
const SPACE = /[ \t\r\n]+/y
const CONTINUATION = /\\\n/y

/** The words, or null where a quote is not closed or a backslash ends the text. */
export function splitWords(text: string): string[] | null {
  const words: string[] = []
  let word: string | null = null
  let at = 0
  const take = (expression: RegExp): string | null => {
    expression.lastIndex = at
    if (!expression.test(text)) return null
    const found = text.slice(at, expression.lastIndex)
    at = expression.lastIndex
    return found
  }
  while (at < text.length) {
    if (take(SPACE) !== null) {
      if (word !== null) words.push(word)
      word = null
      continue
    }
    if (take(CONTINUATION) !== null) continue
    const piece =
      take(PLAIN) ?? take(SINGLE)?.slice(1, -1) ?? unescapeDouble(take(DOUBLE)) ?? take(ESCAPED)?.slice(1)
    if (piece === undefined) return null
    word = (word ?? '') + piece
  }
  if (word !== null) words.push(word)
  return words
}

/** In double quotes a backslash escapes `$`, a backquote, `"`, `\` and the end of a line, and stays before the rest. */
function unescapeDouble(quoted: string | null): string | undefined {
  return quoted
    ?.slice(1, -1)
    .replace(/\\([$`"\\]|\n)/g, (_, escaped: string) => (escaped === '\n' ? '' : escaped))
}
