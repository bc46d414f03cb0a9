// Every place in which a secret could be found: what the API answers and streams, and what Redis holds.
import { expect } from 'vitest'
import type { Document } from '../kit/contract/document.ts'
import { readKey } from '../kit/redis-key.ts'
import { waitFor } from '../kit/wait.ts'
import { send, type TestApi } from './kit.ts'
import { openRaw } from './stream-client.ts'

/** A text with where it stands. */
export type Found = readonly [where: string, text: string]

/** By the beginning of a path: the things that its parameters name. */
export type Things = Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>

export type Caller = { authorization: string }

async function pathsToGet(api: TestApi): Promise<string[]> {
  const { paths } = (await send<Document>(api, { method: 'GET', url: '/openapi.json' })).body
  return Object.keys(paths).filter((path) => paths[path]?.get)
}

/** The path for each of the things that it may name. */
function urlsOf(path: string, things: Things): string[] {
  if (!path.includes('{')) return [path]
  const [, named] = Object.entries(things).find(([beginning]) => path.startsWith(beginning)) ?? []
  if (!named) throw new Error(`nothing was made that ${path} could name`)
  return named.map((names) =>
    path.replaceAll(/\{(\w+)\}/g, (_, name) => {
      if (names[name] === undefined) throw new Error(`nothing was made that ${name} of ${path} could name`)
      return names[name]
    }),
  )
}

/** Each is answered, in every form that it has. */
export async function everythingRead(api: TestApi, things: Things, headers: Caller): Promise<Found[]> {
  const found: Found[] = []
  for (const path of (await pathsToGet(api)).filter((path) => !path.endsWith('/events'))) {
    for (const url of urlsOf(path, things)) {
      for (const accept of ['application/json', 'application/yaml', 'text/csv']) {
        const answer = await api.app.inject({ method: 'GET', url, headers: { ...headers, accept } })
        expect([url, accept, answer.statusCode]).toEqual([url, accept, 200])
        found.push([`GET ${path} as ${accept}`, `${JSON.stringify(answer.headers)}\n${answer.body}`])
      }
    }
  }
  return found
}

/** From the first event that is kept, until what `lasts` says has come, or the stream has ended. */
export async function everythingStreamed(
  api: TestApi,
  things: Things,
  headers: Caller,
  lasts: Readonly<Record<string, string>>,
): Promise<Found[]> {
  const base = await api.app.listen({ host: '127.0.0.1', port: 0 })
  const found: Found[] = []
  for (const path of (await pathsToGet(api)).filter((path) => path.endsWith('/events'))) {
    for (const url of urlsOf(path, things)) {
      const lastEventId = path === '/v1/events' ? '0-0' : '0'
      using stream = await openRaw(`${base}${url}`, { headers: { ...headers, 'last-event-id': lastEventId } })
      expect([url, stream.response.statusCode]).toEqual([url, 200])
      const last = lasts[path] ?? 'event: done'
      await waitFor(`${last} of ${url}`, () => stream.text().includes(last))
      found.push([`GET ${path}`, stream.text()])
    }
  }
  return found
}

/** Everything that Redis holds below the prefix, by the kind of key. */
export async function everythingStored({ redis, prefix }: TestApi): Promise<Found[]> {
  const keys = await redis.keys(`${prefix}:*`)
  return Promise.all(
    keys.map(async (key): Promise<Found> => {
      const [kind = '', ...rest] = key.slice(prefix.length + 1).split(':')
      const part = kind === 'batch' && rest.length > 1 ? `batch ${rest.at(-1)}` : kind
      return [`Redis: ${part}`, `${key} ${JSON.stringify(await readKey(redis, key))}`]
    }),
  )
}
