// `Prefer` (RFC 7240), the two preferences that we know: wait and respond-async.

export type Preferences = { waitSeconds: number | null; respondAsync: boolean }

/** What is not understood is left alone, as the RFC asks. The first of several equal preferences counts. */
export function parsePrefer(header: string | string[] | undefined): Preferences {
  if (header === undefined) return { waitSeconds: null, respondAsync: false }
  const preferences = [header].flat().join(',').split(',')
  const found: Preferences = { waitSeconds: null, respondAsync: false }
  for (const preference of preferences) {
    const [token = ''] = preference.split(';')
    const [name = '', value = ''] = token.split('=').map((part) => part.trim())
    if (name.toLowerCase() === 'respond-async') found.respondAsync = true
    const seconds = /^"?(\d{1,9})"?$/.exec(value)?.[1]
    if (name.toLowerCase() === 'wait' && seconds && found.waitSeconds === null)
      found.waitSeconds = Number(seconds)
  }
  return found
}
