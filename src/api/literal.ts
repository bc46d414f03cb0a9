// Values that did not come from a Compose file.

/** As a Compose file has to write it: `$` begins a variable there, and stands for itself when doubled. */
export function literal(value: string): string {
  return value.replaceAll('$', '$$$$')
}
