// Reads the text of a `.env` file as the front end does.
import { parseDotenv } from '../compose/dotenv/parse-dotenv.ts'
import { UsageError } from './exit-codes.ts'

export type Variables = Record<string, string>

/**
 * `KEY=value` lines. Values without quotes or in double quotes may use variables: `outer`'s first, then those of the
 * lines above. A key without a value is left out, unless `outer` has it. Throws UsageError with file and line.
 */
export function parseEnvFile(text: string, file: string, outer: Variables): Variables {
  const lookup = (name: string) => (Object.hasOwn(outer, name) ? outer[name] : undefined)
  const { variables, complaint } = parseDotenv(text, { lookup })
  if (complaint) throw new UsageError(`${file}:${complaint.line}: ${complaint.message}`)
  return Object.fromEntries(variables)
}
