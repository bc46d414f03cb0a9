// What variables resolve from before any Compose file is filled in: the request's, the `.env` file, the project's name.
import { normaliseProjectName } from '../../system/names.ts'
import { namedValues } from '../../system/secret-values.ts'
import { parseDotenv } from '../dotenv/parse-dotenv.ts'
import { type Environment, interpolate } from '../interpolate.ts'
import type { ComposeLimits } from '../limits.ts'
import { type Node, scalarAt } from '../node.ts'
import type { LoadContext } from './load-context.ts'
import { reportDotenv } from './report-dotenv.ts'

/** The request's variables, and below them those of `.env` in the project directory. */
export function withDotenv(env: Environment, context: LoadContext): Environment {
  const content = context.files.text('.env')
  if (content.kind !== 'text') return env
  const lookup = (name: string) => (Object.hasOwn(env, name) ? env[name] : undefined)
  const dotenv = parseDotenv(content.text, { lookup, room: context.limits.interpolatedCharacters })
  reportDotenv(dotenv, { file: '.env', text: content.text, path: '' }, context)
  const variables = Object.fromEntries(dotenv.variables)
  for (const value of namedValues(variables)) context.namedValues.add(value)
  return { ...variables, ...env }
}

/** The name that the files give, in normal form; the last that gives one decides. null: none does. */
export function nameIn(
  documents: readonly Node[],
  environment: Environment,
  limits: ComposeLimits,
): string | null {
  const names = documents.map((document) => (document.kind === 'map' ? scalarAt(document, 'name') : null))
  const given = names.findLast((name) => name !== null)
  const filled = given ? interpolate(given.text, environment, limits.interpolatedCharacters) : null
  return (filled?.ok ? normaliseProjectName(filled.text) : '') || null
}
