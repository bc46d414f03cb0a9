// Which version of Kubernetes answers.

import { type Cached, createCached } from '../../shared/cached.ts'
import type { ClusterFacts } from '../facts.ts'
import type { Client } from './client.ts'

type Version = ClusterFacts['version']

/** Kept for five minutes, while the cluster is the same. */
export function createVersion(client: Client): Cached<Version> {
  return createCached(
    { freshMs: 300_000, failureMs: 500, limitMs: 20_000 },
    (signal) => readVersion(client, signal),
    async () => (await client.connection()).generation,
  )
}

export async function readVersion(client: Client, signal: AbortSignal): Promise<Version> {
  const { major, minor } = await client.request<{ major: string; minor: string }>(
    { method: 'GET', path: '/version', context: { subject: 'its version' } },
    signal,
  )
  // Distributions write a minor version as `20+`.
  return { major: Number.parseInt(major, 10), minor: Number.parseInt(minor, 10) }
}
