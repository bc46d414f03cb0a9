// The escapes of a double-quoted value, as the reference loader reads them.

const ESCAPE = /\\(?:[abfnrtv$"\\]|0[0-7]{3})/g

const MEANINGS: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '"': '"',
  '\\': '\\',
  // A dollar sign that the interpolation which follows leaves alone.
  $: '$$',
}

/** `\0123` is octal; whatever is no escape stays as it is. */
export function readEscapes(text: string): string {
  return text.replace(ESCAPE, (written) => {
    const code = written.startsWith('\\0') ? Number.parseInt(written.slice(2), 8) : null
    if (code !== null) return code < 256 ? String.fromCharCode(code) : written
    return MEANINGS[written.slice(1)] ?? written
  })
}
