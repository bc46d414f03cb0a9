// What the answers have told so far: ids and names by where in a path they stand, and page tokens.
import type { Part, Wish } from './wishes.ts'

export type Known = {
  /** The URL of a request, its parts filled in with what is known now. */
  urlOf(wish: Wish): string
  learn(wish: Wish, body: unknown): void
}

const mostIds = 200
/** Once in so many lists a page token of some list is given. */
const tokenEvery = 4

export function createKnown(): Known {
  const ids = new Map<string, string[]>()
  const tokens: string[] = []
  const remember = (place: string, id: string) => {
    const found = ids.get(place) ?? []
    if (!found.includes(id)) ids.set(place, [...found, id].slice(-mostIds))
  }
  const fill = (wish: Wish): string => {
    let path = wish.template
    for (const [name, part] of Object.entries(wish.parts)) {
      const place = path.slice(0, path.indexOf(`{${name}}`))
      path = path.replace(`{${name}}`, () => textOf(part, ids.get(placeOf(place)) ?? []))
    }
    return path
  }
  return {
    urlOf: (wish) => {
      const path = fill(wish)
      const query = [...wish.query]
      const dice = path.length + query.length
      const token = tokens[dice % Math.max(tokens.length, 1)]
      if (wish.method === 'GET' && isList(wish.template) && dice % tokenEvery === 0 && token !== undefined) {
        query.push(['pageToken', token])
      }
      const text = query
        .map(
          ([key, value]) => `${encodeURIComponent(wellFormed(key))}=${encodeURIComponent(wellFormed(value))}`,
        )
        .join('&')
      return text === '' ? path : `${path}?${text}`
    },
    learn: (wish, body) => {
      if (typeof body !== 'object' || body === null) return
      const { nextPageToken } = body as { nextPageToken?: unknown }
      if (typeof nextPageToken === 'string') tokens.push(nextPageToken)
      for (const id of idsIn(body)) remember(`${placeOf(fill(wish))}/`, id)
      for (const [, place, id] of JSON.stringify(body).matchAll(/"(\/v1\/\w+\/)([\w.:-]+)"/g)) {
        remember(placeOf(place ?? ''), id ?? '')
      }
    },
  }
}

/** Ids that stood before in the path do not matter: `/v1/webhooks/{id}/deliveries/` has one place. */
function placeOf(path: string): string {
  return path.replace(/\/(\w+)\/[^/]+\/(\w+)/g, '/$1/*/$2')
}

function isList(template: string): boolean {
  return !template.endsWith('}')
}

function textOf(part: Part, known: readonly string[]): string {
  if ('text' in part) return part.text
  const found = known[known.length - 1 - (part.pick % Math.max(known.length, 1))]
  return encodeURIComponent(found ?? 'unknown')
}

/** Of the answer itself, and of the items of its lists. */
function idsIn(body: object): string[] {
  const items = [body, ...Object.values(body).filter(Array.isArray).flat()]
  return items.flatMap((item: { id?: unknown; name?: unknown } | null) => {
    const id = item?.id ?? item?.name
    return typeof id === 'string' && id !== '' ? [id] : []
  })
}

/** What can't be written in a URL is written as what it is replaced with. */
function wellFormed(text: string): string {
  return text.toWellFormed()
}
