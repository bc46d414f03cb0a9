// Single interactive starts, one after the other: what one person waits for, while nothing else happens and while a batch
// is being started.
import type { Job } from '../../../src/api/schemas/job.ts'
import { waitFor } from '../../kit/wait.ts'
import type { Options } from './options.ts'
import type { Service, Tenant } from './service.ts'
import type { Sight, Times } from './sight.ts'

/** Milliseconds from the request until a bare watch sees both objects, and a pod available; and until the job is done. */
export type Single = { applied: number; available: number; done: number }

const compose = 'services: { notebook: { image: bench/notebook, ports: ["8888"] } }'

type Started = Omit<Single, 'available'> & { key: string; from: number }

/** Starts until `isOver` says so, at most `most`. `name`: what their names begin with. */
export async function startSingles(
  service: Service,
  tenant: Tenant,
  sight: Sight,
  wish: { name: string; most: number; exposure: Options['exposure']; isOver: () => boolean },
): Promise<Single[]> {
  const started: Started[] = []
  while (started.length < wish.most && !wish.isOver()) {
    const name = `${wish.name}-${started.length}`
    started.push(await startOne(service, tenant, sight, { name, exposure: wish.exposure }))
  }
  // The controllers may tell it long after a job is done, for which nobody waits with the next start.
  return await Promise.all(
    started.map(async ({ key, from, applied, done }) => ({
      applied,
      available: (await seen(key, sight.deployments.ready)) - from,
      done,
    })),
  )
}

async function startOne(
  { tycho }: Service,
  { namespaces, headers }: Tenant,
  { deployments, services }: Sight,
  { name, exposure }: { name: string; exposure: Options['exposure'] },
): Promise<Started> {
  const from = performance.now()
  const answer = await fetch(`${tycho.url}/v1/systems`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ name, compose, exposure }),
  })
  if (answer.status !== 202) throw new Error(`a single start: ${answer.status} ${await answer.text()}`)
  const { id } = (await answer.json()) as Job
  await waitFor('the end of a single start', () => isDone(`${tycho.url}/v1/jobs/${id}?wait=60`, headers), {
    timeoutMs: 300_000,
    intervalMs: 1,
  })
  const done = performance.now() - from
  const key = `${namespaces[0]}/${name}`
  return { key, from, done, applied: (await seen(key, deployments.came, services.came)) - from }
}

/** When the last of them is seen, whenever that is. */
function seen(key: string, ...times: Times[]): Promise<number> {
  return waitFor(
    'a single start to be seen',
    () => {
      const all = times.map((map) => map.get(key) ?? 0)
      return Math.min(...all) > 0 ? Math.max(...all) : null
    },
    { timeoutMs: 900_000 },
  )
}

async function isDone(url: string, headers: Tenant['headers']): Promise<boolean> {
  return ((await (await fetch(url, { headers })).json()) as Job).done
}
