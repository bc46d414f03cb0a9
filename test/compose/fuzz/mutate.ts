// Damages the text of a Compose file in ways that a reader might trip over.
import type { Random } from '../../kit/random.ts'

const PIECES = [
  '*base',
  '&base ',
  '<<: *base',
  '${',
  '}',
  '$',
  '$$',
  '${A:-${B}}',
  '- ',
  ': ',
  '\n',
  '\t',
  '"',
  "'",
]
const MARKS = [
  '[',
  '{',
  ']',
  '}',
  '#',
  '|',
  '>-\n',
  '? ',
  '!reset ',
  '!override ',
  '!!str ',
  '!x ',
  '---\n',
  '...\n',
]
const WORDS = [
  'services',
  'ports',
  'null',
  'true',
  '0',
  '-1',
  '0777',
  '1e309',
  '99999999999999999999',
  '.inf',
  '2h3m',
]
const ODDITIES = [
  'ü',
  '\u0000',
  '\uD800',
  '\uFEFF',
  '\u2028',
  '\r',
  '    ',
  '__proto__',
  'constructor',
  'x-',
  'a\\',
]

const POOLS = [PIECES, MARKS, WORDS, ODDITIES]

type Mutation = (text: string, random: Random) => string

const MUTATIONS: readonly Mutation[] = [
  insertPiece,
  insertPiece,
  flipByte,
  deleteSpan,
  repeatSpan,
  swapLines,
  moveLine,
  indentLine,
  swapKeys,
  nestDeeply,
  aliasLine,
]

/** One to five changes. */
export function mutate(seed: string, random: Random): string {
  let text = seed
  for (let count = random.below(5) + 1; count > 0; count -= 1) text = random.pick(MUTATIONS)(text, random)
  return text
}

function insertPiece(text: string, random: Random): string {
  const at = random.below(text.length + 1)
  return text.slice(0, at) + random.pick(random.pick(POOLS)) + text.slice(at)
}

function flipByte(text: string, random: Random): string {
  const at = random.below(text.length + 1)
  const flipped = String.fromCharCode(text.charCodeAt(at) ^ (1 << random.below(7)))
  return text.slice(0, at) + flipped + text.slice(at + 1)
}

function deleteSpan(text: string, random: Random): string {
  const at = random.below(text.length + 1)
  return text.slice(0, at) + text.slice(at + random.below(40))
}

function repeatSpan(text: string, random: Random): string {
  const at = random.below(text.length + 1)
  const span = text.slice(at, at + random.below(60) + 1)
  return text.slice(0, at) + span.repeat(random.once(20) ? 200 : 2) + text.slice(at)
}

function swapLines(text: string, random: Random): string {
  return changeLines(text, random, (lines, one, other) => {
    const kept = lines[one] ?? ''
    lines[one] = lines[other] ?? ''
    lines[other] = kept
  })
}

function moveLine(text: string, random: Random): string {
  return changeLines(text, random, (lines, one, other) => lines.splice(other, 0, ...lines.splice(one, 1)))
}

function indentLine(text: string, random: Random): string {
  return changeLines(text, random, (lines, one) => {
    const line = lines[one] ?? ''
    lines[one] = random.once(2) ? `  ${line}` : line.replace(/^ {1,2}/, '')
  })
}

/** The key of one line before the value of another. */
function swapKeys(text: string, random: Random): string {
  return changeLines(text, random, (lines, one, other) => {
    const key = /^(\s*(?:- )?)([^:#]+):/.exec(lines[one] ?? '')?.[2]
    if (key !== undefined) lines[other] = (lines[other] ?? '').replace(/^(\s*(?:- )?)[^:#]+:/, `$1${key}:`)
  })
}

function nestDeeply(text: string, random: Random): string {
  const depth = random.once(10) ? 300 : random.below(12) + 1
  const [open, close] = random.once(2) ? ['[', ']'] : ['{a: ', '}']
  return changeLines(text, random, (lines, one) => {
    const line = lines[one] ?? ''
    const colon = line.indexOf(': ')
    if (colon === -1) return
    const value = line.slice(colon + 2) || 'x'
    lines[one] = `${line.slice(0, colon + 2)}${open.repeat(depth)}${value}${close.repeat(depth)}`
  })
}

/** A line gets an anchor, and another one's value becomes an alias of it, or merges it. */
function aliasLine(text: string, random: Random): string {
  return changeLines(text, random, (lines, one, other) => {
    lines[one] = (lines[one] ?? '').replace(/: ?/, ': &it ')
    lines[other] = random.once(3)
      ? (lines[other] ?? '').replace(/^(\s*).*$/, '$1<<: *it')
      : (lines[other] ?? '').replace(/: ?.*$/, ': *it')
  })
}

function changeLines(
  text: string,
  random: Random,
  change: (lines: string[], one: number, other: number) => void,
): string {
  const lines = text.split('\n')
  change(lines, random.below(lines.length), random.below(lines.length))
  return lines.join('\n')
}
