// Fills in the variables of a value, from the request's environment and nothing else.
import { type Part, parseTemplate } from './template.ts'

/** Every variable that a file may use. */
export type Environment = Readonly<Record<string, string>>

export type Interpolated =
  | { ok: true; text: string; missing: string[] }
  | { ok: false; code: 'INVALID_TEMPLATE' | 'VARIABLE_REQUIRED' | 'COMPOSE_TOO_LARGE'; message: string }

type Failure = Extract<Interpolated, { ok: false }>

/**
 * Compose specification, "Interpolation": `$V`, `${V}`, the operators `:-` `-` `:?` `?` `:+` `+` with nested arguments
 * that are evaluated only when they are used, `$$`. `missing`: variables that were taken as empty.
 * The text may become `room` characters long.
 */
export function interpolate(
  template: string,
  environment: Environment,
  room = Number.POSITIVE_INFINITY,
): Interpolated {
  const filling: Filling = { environment, room, missing: [], failure: null }
  const text = fill(parseTemplate(template), filling)
  return filling.failure ?? { ok: true, text, missing: filling.missing }
}

type Filling = { environment: Environment; room: number; missing: string[]; failure: Failure | null }

function fill(parts: readonly Part[], filling: Filling): string {
  let text = ''
  for (const part of parts) {
    if (filling.failure) return ''
    text +=
      typeof part === 'string'
        ? part
        : part.kind === 'invalid'
          ? fail(filling, part)
          : variable(part, filling)
    if (text.length > filling.room) return tooLarge(filling)
  }
  return text
}

type Variable = Extract<Part, { kind: 'variable' }>

function variable(part: Variable, filling: Filling): string {
  const value = Object.hasOwn(filling.environment, part.name) ? filling.environment[part.name] : undefined
  const isThere = part.operator?.startsWith(':') ? Boolean(value) : value !== undefined
  switch (part.operator) {
    case null:
      if (value === undefined) filling.missing.push(part.name)
      return value ?? ''
    case '-':
    case ':-':
      return isThere ? (value ?? '') : fill(part.argument, filling)
    case '+':
    case ':+':
      return isThere ? fill(part.argument, filling) : ''
    case '?':
    case ':?':
      return isThere ? (value ?? '') : required(part, filling)
    default:
      return part.operator satisfies never
  }
}

/** The author's message is cited as written: filled in, it could carry a secret into an error. */
function required(part: Variable, filling: Filling): string {
  const reason = part.argument.map((each) => (typeof each === 'string' ? each : each.written)).join('')
  const message = `The variable \`${part.name}\` is required${reason === '' ? '' : ` (${reason})`}: give it a value.`
  filling.failure = { ok: false, code: 'VARIABLE_REQUIRED', message }
  return ''
}

function fail(filling: Filling, part: { written: string }): string {
  const message = `Invalid template \`${part.written.slice(0, 60)}\`: write \`\${NAME}\`, or \`$$\` for a dollar sign.`
  filling.failure = { ok: false, code: 'INVALID_TEMPLATE', message }
  return ''
}

function tooLarge(filling: Filling): string {
  const message = 'The values are too large once their variables are filled in: use shorter ones.'
  filling.failure = { ok: false, code: 'COMPOSE_TOO_LARGE', message }
  return ''
}
