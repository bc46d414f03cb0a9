// How many node ports are taken. The Services of a big cluster are megabytes; as the table that is made for people each
// is a line, which has its ports (https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables).
import type { NodePortsCapacity } from '../../../../system/capacity.ts'
import type { Client } from '../client.ts'
import { ifAllowed } from './if-allowed.ts'

type Table = {
  metadata?: { continue?: string }
  columnDefinitions?: { name: string }[]
  rows?: { cells: unknown[] }[] | null
}

const accept = 'application/json;as=Table;g=meta.k8s.io;v=v1'
const pageSize = 500

/** `namespaces`: counted in these where not everywhere may be looked. */
export async function readNodePorts(
  client: Client,
  limit: number,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<NodePortsCapacity> {
  const everywhere = await ifAllowed(countIn(client, '/api/v1/services', signal))
  if (everywhere !== undefined) return { limit, used: everywhere, isWhole: true }
  const counts = await Promise.all(
    namespaces.map((one) =>
      ifAllowed(countIn(client, `/api/v1/namespaces/${encodeURIComponent(one)}/services`, signal)),
    ),
  )
  return { limit, used: counts.reduce<number>((sum, one) => sum + (one ?? 0), 0), isWhole: false }
}

async function countIn(client: Client, path: string, signal: AbortSignal): Promise<number> {
  let count = 0
  for (let next: string | undefined = ''; next !== undefined; ) {
    const query = { limit: `${pageSize}`, includeObject: 'None', ...(next && { continue: next }) }
    const page: Table = await client.request<Table>(
      { method: 'GET', path, query, accept, context: { subject: 'services' } },
      signal,
    )
    count += countNodePorts(page)
    next = page.metadata?.continue || undefined
  }
  return count
}

/** `80:31234/TCP,443/TCP` has one. */
export function countNodePorts({ columnDefinitions = [], rows }: Table): number {
  const column = columnDefinitions.findIndex(({ name }) => name === 'Port(s)')
  if (column < 0) throw new Error('the table of Services has no column of their ports')
  return (rows ?? []).reduce((sum, { cells }) => sum + (`${cells[column]}`.match(/:\d+\//g)?.length ?? 0), 0)
}
