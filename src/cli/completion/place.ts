// Where on a command line the user stands, by what the commands themselves say. Pure.
import type { Command, Option } from 'commander'

/** What could come next: `value` with a word about it. */
export type Candidate = { value: string; about: string }

/** `things`: what is known beforehand. `names`: what is called so has to be looked up, such as `job`. */
export type Place =
  | { kind: 'things'; things: Candidate[] }
  | { kind: 'names'; of: string }
  | { kind: 'other' }

/** `words`: what stands after the program, the last of which is being typed. */
export function placeOf(program: Command, words: readonly string[]): Place {
  const typed = words.at(-1) ?? ''
  const { command, index, pending } = walk(program, words.slice(0, -1))
  if (pending) return placeOfValue(pending)
  if (typed.startsWith('-')) return { kind: 'things', things: optionsOf(command) }
  if (index === 0 && command.commands.length > 0) return { kind: 'things', things: commandsOf(command) }
  const { registeredArguments: all } = command
  const argument = all[index] ?? (all.at(-1)?.variadic ? all.at(-1) : undefined)
  if (!argument) return { kind: 'other' }
  return argument.argChoices
    ? { kind: 'things', things: argument.argChoices.map(alone) }
    : { kind: 'names', of: argument.name() }
}

type Walked = {
  command: Command
  /** How many arguments it has already. */
  index: number
  /** The option whose value comes next. */
  pending: Option | null
}

function walk(program: Command, words: readonly string[]): Walked {
  let at: Walked = { command: program, index: 0, pending: null }
  for (const word of words) at = step(at, word)
  return at
}

function step({ command, index, pending }: Walked, word: string): Walked {
  if (pending) return { command, index, pending: null }
  if (word.startsWith('-') && word !== '-') {
    const option = command.options.find(({ short, long }) => word === short || word === long)
    return { command, index, pending: option?.required ? option : null }
  }
  const next = index === 0 ? command.commands.find((one) => one.name() === word) : undefined
  return next ? { command: next, index: 0, pending: null } : { command, index: index + 1, pending: null }
}

/** Options whose value is the name of something. */
const named: Readonly<Record<string, string>> = {
  system: 'name',
  batch: 'batch',
  job: 'job',
  webhook: 'webhook',
}

function placeOfValue(option: Option): Place {
  if (option.argChoices) return { kind: 'things', things: option.argChoices.map(alone) }
  const of = named[option.attributeName()]
  return of === undefined ? { kind: 'other' } : { kind: 'names', of }
}

function commandsOf(command: Command): Candidate[] {
  return command.commands
    .filter((one) => !one.name().startsWith('_'))
    .map((one) => ({ value: one.name(), about: one.description() }))
}

function optionsOf(command: Command): Candidate[] {
  const own = command.options.map(({ long, description }) => ({ value: long ?? '', about: description }))
  return [...own, { value: '--help', about: 'display help for command' }].filter(({ value }) => value !== '')
}

function alone(value: string): Candidate {
  return { value, about: '' }
}
