// A system as its objects alone tell it, whoever knows of it.
import type { Endpoint, Exposure } from './endpoint.ts'
import type { SystemIdentity } from './spec.ts'

/** One object as it stands on the orchestrator. `createdAt`: milliseconds since the epoch. */
export type LiveObject = { subject: string; name: string; uid: string; createdAt: number }

/**
 * One incarnation: enough for a record of it. `job`: the newest that wrote one of the objects; `objects`: those that do
 * not go by themselves with another one.
 */
export type LiveSystem = {
  identity: SystemIdentity
  createdAt: number
  job: string | null
  exposure: Exposure
  /** It keeps all that it has, and runs nothing. */
  suspended: boolean
  services: string[]
  endpoints: Endpoint[]
  objects: LiveObject[]
}

/** What stands of images that are being pulled beforehand. */
export type LivePreparation = { id: string; tenant: string; namespace: string; objects: LiveObject[] }
