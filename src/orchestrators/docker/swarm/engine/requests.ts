// What is asked of a swarm's manager, by name.
import type { EngineClient } from '../../engine/client.ts'
import { unlessGone } from '../../engine/requests.ts'
import type { FileObject } from '../objects.ts'
import type { LiveFile, LiveService, LiveTask } from './live.ts'

export type SwarmRequests = ReturnType<typeof createSwarmRequests>

export function createSwarmRequests(client: EngineClient) {
  const get = <T>(path: string, what: string, filters: string, signal: AbortSignal) =>
    client.json<T>({ method: 'GET', path, query: { filters }, what }, signal)
  const send = <T>(method: 'POST' | 'DELETE', path: string, what: string, signal: AbortSignal, more = {}) =>
    client.json<T>({ method, path, what, ...more }, signal)
  return {
    services: (filters: string, signal: AbortSignal) =>
      get<LiveService[]>('/services', 'its services', filters, signal),
    /** By its whole name: the manager takes the beginning of an id too. */
    service: async (name: string, signal: AbortSignal) => {
      const found = await unlessGone(
        client.json<LiveService>(
          { method: 'GET', path: `/services/${encodeURIComponent(name)}`, what: `service ${name}` },
          signal,
        ),
      )
      return found?.Spec.Name === name ? found : undefined
    },
    createService: (name: string, body: Record<string, unknown>, signal: AbortSignal) =>
      send<{ ID: string }>('POST', '/services/create', `service ${name}`, signal, { body }),
    updateService: ({ ID, Version }: LiveService, body: Record<string, unknown>, signal: AbortSignal) =>
      send('POST', `/services/${ID}/update`, `service ${body.Name}`, signal, {
        body,
        query: { version: Version.Index },
      }),
    removeService: (id: string, name: string, signal: AbortSignal) =>
      unlessGone(send('DELETE', `/services/${id}`, `removal of service ${name}`, signal)),
    /** Of these services, those that are over too, as far as the swarm remembers them. */
    tasks: async (services: readonly string[], signal: AbortSignal) => {
      if (services.length === 0) return []
      return get<LiveTask[]>('/tasks', 'its tasks', JSON.stringify({ service: services }), signal)
    },
    files: (kind: FileObject['kind'], filters: string, signal: AbortSignal) =>
      get<LiveFile[]>(`/${kind}s`, `its ${kind}s`, filters, signal),
    file: async (kind: FileObject['kind'], name: string, signal: AbortSignal) => {
      const filters = JSON.stringify({ name: [name] })
      const found = await get<LiveFile[]>(`/${kind}s`, `${kind} ${name}`, filters, signal)
      return found.find((one) => one.Spec.Name === name)
    },
    createFile: (kind: FileObject['kind'], body: Record<string, unknown>, signal: AbortSignal) =>
      send<{ ID: string }>('POST', `/${kind}s/create`, `${kind} ${body.Name}`, signal, { body }),
    removeFile: (kind: FileObject['kind'], id: string, name: string, signal: AbortSignal) =>
      unlessGone(send('DELETE', `/${kind}s/${id}`, `removal of ${kind} ${name}`, signal)),
  }
}
