// What is read of a job to tell whether it has changed. Clients poll: this is what the API does most.
import type { Redis } from 'ioredis'
import type { JobRecord } from '../jobs/job.ts'
import type { Keys } from './keys.ts'
import { readScript, runScript } from './script.ts'

export type JobHead = Pick<JobRecord, 'revision' | 'tenant' | 'status'>

/** Fields of the job's hash, beside its record, so that they can be read without it. */
const names = ['revision', 'tenant', 'status'] as const satisfies (keyof JobHead)[]

export function headFields(job: JobHead): string[] {
  return names.flatMap((name) => [name, `${job[name]}`])
}

type Reading = PromiseWithResolvers<JobHead | null>

/** So many heads are read by one command, so that none holds up the others for long. */
const atOnce = 500

/**
 * Reads the head of a job; null where there is none. What is asked for in one turn of the event loop is sent together:
 * a command and a write to the socket for each would cost more than all else that a poll does. Nobody gets what was
 * read before he asked.
 */
export function createReadHead(redis: Redis, keys: Keys): (id: string) => Promise<JobHead | null> {
  const script = readScript('read-heads')
  let asked = new Map<string, Reading>()
  const send = () => {
    const batch = asked
    asked = new Map()
    const readings = [...batch.values()]
    runScript(redis, script, [...batch.keys()].map(keys.job), [...names], { isAlone: true }).then(
      (found) => {
        for (const [at, one] of readings.entries()) one.resolve(toHead((found as Fields[])[at] ?? []))
      },
      (error: unknown) => {
        for (const one of readings) one.reject(error)
      },
    )
  }
  return (id) => {
    const known = asked.get(id)
    if (known) return known.promise
    if (asked.size === 0) setImmediate(() => asked.size > 0 && send())
    const reading: Reading = Promise.withResolvers()
    asked.set(id, reading)
    if (asked.size === atOnce) send()
    return reading.promise
  }
}

type Fields = (string | null)[]

function toHead([revision, tenant, status]: Fields): JobHead | null {
  if (!revision || !tenant || !status) return null
  return { revision: Number(revision), tenant, status: status as JobHead['status'] }
}
