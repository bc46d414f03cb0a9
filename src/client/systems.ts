// Systems: start, stop, read.
import { type Connection, listOf, toQuery } from './connection.ts'
import { type TaggedJob, toTaggedJob } from './jobs.ts'
import type { System, SystemPage, SystemRequest } from './shapes.ts'

export function systemRequests(connection: Connection) {
  const { ask } = connection
  return {
    async startSystem(request: SystemRequest, signal?: AbortSignal): Promise<TaggedJob> {
      return toTaggedJob(await ask({ method: 'POST', path: '/v1/systems', body: request, signal }))
    },

    /** `volumes`: named volumes are deleted too. */
    async stopSystem(
      name: string,
      { volumes = false, signal }: { volumes?: boolean; signal?: AbortSignal } = {},
    ): Promise<TaggedJob> {
      const path = `${systemPath(name)}${toQuery({ volumes: volumes || undefined })}`
      return toTaggedJob(await ask({ method: 'DELETE', path, signal }))
    },

    async system(name: string): Promise<System> {
      return (await ask({ method: 'GET', path: systemPath(name) })).body as System
    },

    systems(limit: number | null = null): Promise<System[]> {
      return listOf<SystemPage, System>(connection, '/v1/systems', { limit }, ({ systems }) => systems)
    },
  }
}

export function systemPath(name: string): string {
  return `/v1/systems/${encodeURIComponent(name)}`
}
