// Named volumes of a system: they outlive it, and belong to whoever has its tenant and its name.
import type { Problem } from '../../../problem.ts'
import type { VolumeObject } from '../objects.ts'
import { codes, hasCode } from './engine-error.ts'
import type { LiveVolume } from './live.ts'
import {
  type Action,
  isAsWanted,
  notOurs,
  notThere,
  type Wanted,
  type WriteScope,
  writtenLabels,
} from './scope.ts'
import { isOfSystem } from './selectors.ts'

/** `problems`: a volume that is there already keeps what it is made of. */
export async function makeVolume(
  wanted: Wanted<VolumeObject>,
  scope: WriteScope,
): Promise<{ action: Action; problems: Problem[] }> {
  const { object } = wanted
  const { input, requests, signal } = scope
  const live = await requests.volume(object.name, signal)
  if (object.external) {
    if (!live) throw notThere(wanted)
    return { action: 'unchanged', problems: [] }
  }
  if (live) return adopted(wanted, live, scope)
  await input.fence.check()
  try {
    await create(object, scope)
  } catch (error) {
    if (!hasCode(error, codes.conflict)) throw error
  }
  // The engine answers one that somebody else has made meanwhile as if it were new.
  const made = await requests.volume(object.name, signal)
  if (made && !isOfSystem(made.Labels ?? {}, input.identity)) throw notOurs(wanted, made.Labels ?? {})
  return { action: 'created', problems: [] }
}

function adopted(wanted: Wanted<VolumeObject>, live: LiveVolume, { input }: WriteScope) {
  const { object, manifest } = wanted
  const labels = live.Labels ?? {}
  if (!isOfSystem(labels, input.identity)) throw notOurs(wanted, labels)
  const action: Action = 'unchanged'
  if (isAsWanted(labels, object) || isSameDriver(object, live)) return { action, problems: [] }
  const message = `The volume ${object.name} is there already, and keeps the driver and the options it was made with`
  const problem: Problem = { code: 'VOLUME_KEPT', severity: 'warning', path: manifest.path, message }
  return { action, problems: [problem] }
}

function isSameDriver(object: VolumeObject, live: LiveVolume): boolean {
  const toText = (options: Record<string, string> | null | undefined) =>
    JSON.stringify(Object.entries(options ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)))
  return object.driver === live.Driver && toText(object.driverOptions) === toText(live.Options)
}

async function create(object: VolumeObject, { client, input, signal }: WriteScope): Promise<void> {
  const body = {
    Name: object.name,
    Driver: object.driver,
    DriverOpts: object.driverOptions,
    Labels: writtenLabels(object, input.fence.job),
  }
  await client.json({ method: 'POST', path: '/volumes/create', body, what: `volume ${object.name}` }, signal)
}
