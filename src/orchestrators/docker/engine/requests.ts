// What is asked of an engine, by name: each request that more than one part makes.

import type { EngineClient } from './client.ts'
import { codes, hasCode } from './engine-error.ts'
import type { ListedContainer, LiveContainer, LiveImage, LiveNetwork, LiveVolume } from './live.ts'

/** Undefined where there is no such thing (any more). */
export async function unlessGone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (hasCode(error, codes.notFound)) return undefined
    throw error
  }
}

export type Requests = ReturnType<typeof createRequests>

/** `filters`: as `GET /containers/json` and the others take them, in JSON. */
export function createRequests(client: EngineClient) {
  const at = (...parts: string[]) => parts.map((part) => `/${encodeURIComponent(part)}`).join('')
  return {
    container: (name: string, signal: AbortSignal) =>
      unlessGone(
        client.json<LiveContainer>(
          { method: 'GET', path: at('containers', name, 'json'), what: `container ${name}` },
          signal,
        ),
      ),
    /** Stopped ones too. */
    containers: (filters: string, signal: AbortSignal) =>
      client.json<ListedContainer[]>(
        { method: 'GET', path: '/containers/json', query: { all: true, filters }, what: 'its containers' },
        signal,
      ),
    start: (id: string, name: string, signal: AbortSignal) =>
      client.json(
        { method: 'POST', path: at('containers', id, 'start'), what: `start of ${name}`, limitMs: 120_000 },
        signal,
      ),
    /** `graceSeconds`: then it is killed. */
    stop: (id: string, name: string, graceSeconds: number, signal: AbortSignal) =>
      unlessGone(
        client.json(
          {
            method: 'POST',
            path: at('containers', id, 'stop'),
            query: { t: graceSeconds },
            what: `stop of ${name}`,
            limitMs: (graceSeconds + 60) * 1_000,
          },
          signal,
        ),
      ),
    rename: (id: string, name: string, signal: AbortSignal) =>
      client.json(
        { method: 'POST', path: at('containers', id, 'rename'), query: { name }, what: `container ${name}` },
        signal,
      ),
    /** Running or not, with its anonymous volumes. */
    removeContainer: (id: string, name: string, signal: AbortSignal) =>
      unlessGone(
        client.json(
          {
            method: 'DELETE',
            path: at('containers', id),
            query: { force: true, v: true },
            what: `removal of ${name}`,
            limitMs: 60_000,
          },
          signal,
        ),
      ),
    network: (id: string, signal: AbortSignal) =>
      unlessGone(
        client.json<LiveNetwork>({ method: 'GET', path: at('networks', id), what: `network ${id}` }, signal),
      ),
    networks: (filters: string, signal: AbortSignal) =>
      client.json<LiveNetwork[]>(
        { method: 'GET', path: '/networks', query: { filters }, what: 'its networks' },
        signal,
      ),
    removeNetwork: (id: string, name: string, signal: AbortSignal) =>
      unlessGone(
        client.json(
          { method: 'DELETE', path: at('networks', id), what: `removal of network ${name}` },
          signal,
        ),
      ),
    volume: (name: string, signal: AbortSignal) =>
      unlessGone(
        client.json<LiveVolume>({ method: 'GET', path: at('volumes', name), what: `volume ${name}` }, signal),
      ),
    volumes: async (filters: string, signal: AbortSignal) => {
      const request = { method: 'GET', path: '/volumes', query: { filters }, what: 'its volumes' } as const
      return (await client.json<{ Volumes?: LiveVolume[] | null }>(request, signal)).Volumes ?? []
    },
    removeVolume: (name: string, signal: AbortSignal) =>
      unlessGone(
        client.json(
          { method: 'DELETE', path: at('volumes', name), what: `removal of volume ${name}` },
          signal,
        ),
      ),
    image: (name: string, signal: AbortSignal) =>
      unlessGone(
        // A reference may hold slashes, which the engine takes as they are.
        client.json<LiveImage>(
          { method: 'GET', path: `/images/${name}/json`, what: `image ${name}` },
          signal,
        ),
      ),
  }
}
