// Reads a file of variables in the `raw` format: values as they stand, without quotes, comments or variables in them
// (specification, "env_file", `format`).

/** `KEY=value` lines; `KEY` alone takes its value from `lookup`. A line that begins with `#` is a comment. */
export function parseRawEnv(text: string, lookup: (name: string) => string | undefined): Map<string, string> {
  const variables = new Map<string, string>()
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const written = line.trimStart()
    if (written === '' || written.startsWith('#')) continue
    const equals = written.indexOf('=')
    const name = equals === -1 ? written.trimEnd() : written.slice(0, equals)
    const value = equals === -1 ? lookup(name) : written.slice(equals + 1)
    if (value !== undefined && name !== '') variables.set(name, value)
  }
  return variables
}
