// Lines of containers on the user's screen: a colour for each copy, and nothing that moves the cursor.
import { stripVTControlCharacters } from 'node:util'
import type { Paint, Style } from './paint.ts'

const colours = ['cyan', 'yellow', 'green', 'magenta', 'blue'] as const satisfies Style[]

/** `from`: `service/copy`; null where one container alone can speak. */
export type LogLine = { from: string | null; text: string }

export function parseLogLine(line: string): LogLine {
  const [, from, text] = /^([^\s|]+\/[^\s|]+) \| (.*)$/s.exec(line) ?? []
  return from === undefined || text === undefined ? { from: null, text: line } : { from, text }
}

/** For a terminal. Copies get their colours in the order in which they begin to speak, and the prefixes one width. */
export function createLogPainter(paint: Paint): (line: string) => string {
  const styles = new Map<string, Style>()
  let width = 0
  const isColoured = paint('dim', 'x') !== 'x'
  return (line) => {
    const { from, text } = parseLogLine(line)
    const shown = isColoured ? keepColours(text) : plain(text)
    if (from === null) return shown
    const style = styles.get(from) ?? colours[styles.size % colours.length] ?? 'cyan'
    styles.set(from, style)
    width = Math.max(width, from.length)
    return `${paint(style, `${from.padEnd(width)} |`)} ${shown}`
  }
}

function plain(text: string): string {
  return stripVTControlCharacters(text).replace(controls, '')
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const controls = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g

// biome-ignore lint/suspicious/noControlCharactersInRegex: the one sequence that stays
const colour = /(\u001b\[[0-9;]*m)/

/** A line's own colours end with it. */
function keepColours(text: string): string {
  const parts = text.split(colour)
  if (parts.length === 1) return plain(text)
  return `${parts.map((part, at) => (at % 2 === 1 ? part : plain(part))).join('')}\u001b[0m`
}
