/** The text as it has to be written so that it is read back as it is: nothing in it is a variable. */
export function escapeDollars(text: string): string {
  return text.includes('$') ? text.replaceAll('$', '$$$$') : text
}
