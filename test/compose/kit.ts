// Short ways to ask the front end about a text.
import { type ParsedCompose, parseCompose } from '../../src/compose/parse.ts'
import type { Problem } from '../../src/problem.ts'
import type { ServiceSpec, SystemSpec } from '../../src/system/spec.ts'

export type Env = Record<string, string>

export function parse(compose: unknown, env: Env = {}): ParsedCompose {
  return parseCompose({ compose, env })
}

/** The spec of a text that must be accepted. */
export function specOf(compose: unknown, env: Env = {}): SystemSpec {
  const { spec, problems } = parse(compose, env)
  if (!spec) throw new Error(problems.map(toLine).join('\n'))
  return spec
}

/** The service `web`, of which the lines below it are given. */
export function webOf(lines: string, env: Env = {}): ServiceSpec {
  const web = specOf(webFile(lines), env).services.web
  if (!web) throw new Error('there is no service web')
  return web
}

/** A file with the service `web` and these lines in it (and an image, unless they say one). */
export function webFile(lines: string): string {
  const indented = lines.split('\n').map((line) => `    ${line}`)
  const image = /^image:/m.test(lines) ? [] : ['    image: nginx']
  return ['services:', '  web:', ...image, ...indented, ''].join('\n')
}

/** Code and path of every problem with `web`. */
export function webProblems(lines: string, env: Env = {}): string[] {
  return problemsOf(webFile(lines), env)
}

export function problemsOf(compose: unknown, env: Env = {}): string[] {
  return parse(compose, env).problems.map(({ code, path }) => `${code} ${path}`)
}

export function codesOf(compose: unknown, env: Env = {}): string[] {
  return parse(compose, env).problems.map(({ code }) => code)
}

/** `3:5 CODE path`. */
export function placesOf(compose: unknown, env: Env = {}): string[] {
  return parse(compose, env).problems.map(
    ({ line, column, code, path }) => `${line}:${column} ${code} ${path}`,
  )
}

export function toLine({ code, path, message }: Problem): string {
  return `${code} ${path}: ${message}`
}
