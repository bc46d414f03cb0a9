// Reads what the compiler must know of the engine.
import { createCached } from '../../shared/cached.ts'
import type { EngineFacts } from '../facts.ts'
import type { EngineClient } from './client.ts'

type Info = {
  ServerVersion?: string
  OSType?: string
  Architecture?: string
  Driver?: string
  DriverStatus?: [string, string][] | null
  Runtimes?: Record<string, unknown> | null
  SecurityOptions?: string[] | null
  Plugins?: { Volume?: string[] | null }
  Swarm?: { LocalNodeState?: string; ControlAvailable?: boolean }
}

const limits = { freshMs: 60_000, failureMs: 1_000, limitMs: 15_000 }

/** Cached for a minute. Throws UnavailableError (remedy `wait`) without an engine. */
export function createFacts(client: EngineClient): (signal: AbortSignal) => Promise<EngineFacts> {
  return createCached(limits, async (signal) => {
    const info = await client.json<Info>({ method: 'GET', path: '/info', what: 'its facts' }, signal)
    const [major = 1, minor = 41] = (await client.apiVersion(signal)).split('.').map(Number)
    return {
      api: { major, minor },
      version: info.ServerVersion ?? 'unknown',
      os: info.OSType ?? 'linux',
      architecture: toArchitecture(info.Architecture ?? ''),
      swarm: toSwarm(info.Swarm),
      // The engine does not tell whether its kernel has what the mesh needs.
      routingMesh: false,
      rootless: (info.SecurityOptions ?? []).some((option) => option.includes('rootless')),
      storageDriver: info.Driver ?? 'unknown',
      backingFilesystem: statusOf(info, 'Backing Filesystem'),
      runtimes: Object.keys(info.Runtimes ?? {}),
      volumeDrivers: info.Plugins?.Volume ?? ['local'],
    }
  })
}

function statusOf({ DriverStatus: status }: Info, key: string): string | null {
  return status?.find(([name]) => name === key)?.[1] ?? null
}

/** As images name it; the engine tells the kernel's word. */
function toArchitecture(word: string): string {
  const names: Record<string, string> = { x86_64: 'amd64', aarch64: 'arm64', armv7l: 'arm', i686: '386' }
  return names[word] ?? word
}

function toSwarm(swarm: Info['Swarm']): EngineFacts['swarm'] {
  if (swarm?.LocalNodeState !== 'active') return 'none'
  return swarm.ControlAvailable ? 'manager' : 'worker'
}
