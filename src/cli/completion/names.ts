// Names that the server knows, for completion.
import type { Client } from '../../client/client.ts'
import type { Job } from '../../client/shapes.ts'
import type { Candidate } from './place.ts'

/** So many names help somebody who types one. */
const most = 100

type Find = (client: Client) => Promise<Candidate[]>

const systems: Find = async (client) =>
  (await client.systems(most)).map(({ name, phase }) => ({ value: name, about: phase }))

const toCandidate = ({ id, kind, status, system }: Job): Candidate => ({
  value: id,
  about: `${kind} of ${system.name}, ${status}`,
})

/** Jobs that are done need no waiting for. */
const jobs: Find = async (client) => {
  const [running, queued] = await Promise.all([
    client.jobs({ status: 'running' }, most),
    client.jobs({ status: 'queued' }, most),
  ])
  return [...running, ...queued].map(toCandidate)
}

const batches: Find = async (client) =>
  (await client.batches(most)).map(({ id, name, status }) => ({ value: id, about: `${name}, ${status}` }))

const webhooks: Find = async (client) =>
  (await client.webhooks()).map(({ id, url }) => ({ value: id, about: url }))

const finders: Readonly<Record<string, Find>> = {
  name: systems,
  names: systems,
  job: jobs,
  batch: batches,
  webhook: webhooks,
}

/** `of`: what an argument is called. None where the server does not know such things. */
export function findNames(client: Client, of: string): Promise<Candidate[]> {
  return finders[of]?.(client) ?? Promise.resolve([])
}
