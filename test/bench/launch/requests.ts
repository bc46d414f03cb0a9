// What the API server was asked, by its own counter and by Tycho's.
import type { Api } from '../../kit/cluster/api.ts'
import { type Sample, samplesOf, sumsOf } from './prometheus.ts'

/** `verb resource` -> count; `429` -> how many were refused for being too many. */
export type Requests = ReadonlyMap<string, number>

export const REFUSED = '429'

const watches = new Set(['WATCH', 'CONNECT'])

/**
 * Of all clients: the API server does not tell who asked. Watches are not requests here; what happens to parts of an
 * object (`pods/binding`) counts apart.
 */
export async function readServerRequests(api: Api): Promise<Requests> {
  const samples = samplesOf(await api.text('/metrics'), 'apiserver_request_total')
  const sums = sumsOf(samples, ({ verb = '', resource = '', subresource }) => {
    if (watches.has(verb) || resource === '') return null
    return `${verb} ${resource}${subresource ? `/${subresource}` : ''}`
  })
  return withRefused(sums, samples, ({ code }) => code === '429')
}

/** Of Tycho alone, by the counters of its processes. */
export async function readTychoRequests(urls: readonly string[]): Promise<Requests> {
  const texts = urls.map(async (url) => (await fetch(`${url}/metrics`)).text())
  const samples = (await Promise.all(texts)).flatMap((text) =>
    samplesOf(text, 'tycho_cluster_requests_total'),
  )
  const sums = sumsOf(samples, ({ verb = '', resource = '' }) =>
    verb === 'watch' ? null : `${verb} ${resource}`,
  )
  return withRefused(sums, samples, ({ status }) => status === '429')
}

function withRefused(
  sums: Map<string, number>,
  samples: readonly Sample[],
  isRefused: (labels: Sample['labels']) => boolean,
): Requests {
  const refused = samples.filter(({ labels }) => isRefused(labels))
  return sums.set(
    REFUSED,
    refused.reduce((sum, { value }) => sum + value, 0),
  )
}

const writing = /^(post|put|patch|delete|deletecollection|create|update|apply) /i

/** Writes and reads in a growth of requests. */
export function toTotals(requests: Requests): { writes: number; reads: number } {
  let [writes, reads] = [0, 0]
  for (const [key, count] of requests) {
    if (key === REFUSED) continue
    if (writing.test(key)) writes += count
    else reads += count
  }
  return { writes, reads }
}
