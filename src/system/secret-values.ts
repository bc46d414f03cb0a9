// What must not be shown: values of secrets, and of what is called like one. Pure.
import { contentOf } from './file-targets.ts'
import type { FileContent } from './files.ts'
import { createValueMasker, maskWhole } from './mask-values.ts'
import type { SystemSpec } from './spec.ts'

const SECRET_NAME =
  /passw(?:or)?d|passphrase|(?:^|[-_.])(?:pass|pwd)(?:$|[-_.])|secret|token|credential|(?:api|access|private|encryption|signing)[-_.]?key/i

/** Says where a secret is, and is none. */
const PLACE_NAME = /[-_.](?:file|path)$/i

/** Shorter ones would be found everywhere. */
const MIN_LENGTH = 4
const MIN_NAMED_LENGTH = 8

/** Whether a variable or key of this name is likely to hold a secret (`POSTGRES_PASSWORD`, `apiToken`). */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !PLACE_NAME.test(name)
}

/**
 * Every value that is a secret by what the file says: what `secrets` hold, and variables that are called like secrets.
 * Of the latter only those that look made up, because `postgres` is also a word.
 */
export function secretValuesOf(spec: SystemSpec): string[] {
  const held = Object.values(spec.secrets).flatMap((secret) => contentOf(secret, spec.files) ?? [])
  const variables = Object.values(spec.services).flatMap(({ environment }) => namedSecrets(environment))
  const given = spec.secretValues ?? []
  return [...held.map(toText).filter((value) => value.trim().length >= MIN_LENGTH), ...variables, ...given]
}

/** The values of variables that are called like secrets, and can be told from words. */
export function namedSecrets(environment: Readonly<Record<string, string>>): string[] {
  return namedValues(environment).filter(looksMadeUp)
}

/** The values of all variables that are called like secrets. No other is asked for its value. */
export function namedValues(environment: Readonly<Record<string, string>>): string[] {
  return Object.keys(environment).flatMap((name) => (isSecretName(name) ? (environment[name] ?? []) : []))
}

/** No quote, blank or other character that a file's own syntax may take away. */
const UNCHANGED = /^[\w.:/@+=,%!?*~^-]+$/

/**
 * Those of `named`, values of variables that are called like secrets, that a system's file has put somewhere. `write`
 * gives the spec as JSON, without `secretValues`. One of which syntax may have changed a character is not looked for, and
 * counts.
 */
export function secretValuesIn(write: () => string, named: Iterable<string>): string[] {
  const secrets = [...new Set(named)].filter(looksMadeUp)
  if (secrets.length === 0) return secrets
  const json = write()
  return secrets.filter((value) => !UNCHANGED.test(value) || json.includes(value))
}

/**
 * Masks these values wherever they stand, line by line too and with each `$` doubled, as Compose and Kubernetes write one
 * that is no variable; and what a text itself gives away as a secret.
 */
export function createMasker(values: readonly string[]): (text: string) => string {
  const parts = values.flatMap((value) => [value, ...value.split(/\r?\n/).map((line) => line.trim())])
  const written = parts.flatMap((part) => [part, part.replaceAll('$', '$$$$')])
  const maskValues = createValueMasker(written.filter((part) => part.trim().length >= MIN_LENGTH))
  return (text) => maskNamed(maskValues(text))
}

const ASSIGNED = /(?<![-\w.])([-\w.]+=)("[^"\r\n]*"|'[^'\r\n]*'|[^\s"'&,;]+)/g
const USER_INFO = /(:\/\/[^\s:@/]*:)([^\s@/]+)(?=@)/g

/** `--password=hunter2`, and the password in `postgres://me:hunter2@db/`. */
function maskNamed(text: string): string {
  return text
    .replace(USER_INFO, (whole, before: string, password: string) =>
      isReference(password) ? whole : before + maskWhole(password),
    )
    .replace(ASSIGNED, (whole, before: string, value: string) =>
      isSecretName(before.slice(0, -1)) && !isReference(value) ? before + maskWhole(value) : whole,
    )
}

/** A variable of the Compose file, whose value stands elsewhere. */
export function isReference(text: string): boolean {
  return /^(["']?)\$(?:\{[A-Za-z_]\w*\}|[A-Za-z_]\w*)\1$/.test(text)
}

/** Of at least two kinds: small letters, capitals, digits, others. */
export function looksMadeUp(value: string): boolean {
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].filter((kind) => kind.test(value))
  return value.length >= MIN_NAMED_LENGTH && kinds.length >= 2
}

function toText(content: FileContent): string {
  return typeof content === 'string' ? content : Buffer.from(content.base64, 'base64').toString('latin1')
}
