// What writing the objects of a stage needs, whatever their kind.
import { createHash } from 'node:crypto'
import { TychoError } from '../../../problem.ts'
import type { Change } from '../../../system/change.ts'
import type { ApplyInput, Manifest } from '../../orchestrator.ts'
import { LABEL } from '../labels.ts'
import { type EngineObject, subjectOf } from '../objects.ts'
import type { EngineClient } from './client.ts'
import type { Labels } from './live.ts'
import type { Requests } from './requests.ts'

export type WriteScope = {
  client: EngineClient
  requests: Requests
  input: ApplyInput
  signal: AbortSignal
}

/** One object of a stage, and the manifest that it came from. */
export type Wanted<Of extends EngineObject = EngineObject> = { object: Of; manifest: Manifest }

export type Action = Change['action']

export function wantedOf({ manifests }: { manifests: readonly Manifest[] }): Wanted[] {
  return manifests.map((manifest) => ({ manifest, object: manifest.body as EngineObject }))
}

export function ofKind<Kind extends EngineObject['kind']>(
  wanted: readonly Wanted[],
  kind: Kind,
): Wanted<Extract<EngineObject, { kind: Kind }>>[] {
  return wanted.filter(
    (one): one is Wanted<Extract<EngineObject, { kind: Kind }>> => one.object.kind === kind,
  )
}

/** With what the object was made from, and by which job. */
export function writtenLabels(object: EngineObject, job: string): Labels {
  const rests = object.kind === 'container' && object.suspended
  return {
    ...object.labels,
    [LABEL.hash]: hashOf(object),
    [LABEL.job]: job,
    ...(rests && { [LABEL.rests]: 'true' }),
  }
}

/** The compiler's own, where it gives one. */
export function hashOf(object: EngineObject): string {
  const given = object.labels[LABEL.hash]
  return given ?? createHash('sha256').update(JSON.stringify(object)).digest('base64url').slice(0, 16)
}

export function isAsWanted(labels: Labels, object: EngineObject): boolean {
  return labels[LABEL.hash] === hashOf(object)
}

/** Final: an object of this name belongs to another incarnation, another system or a stranger. */
export function notOurs({ object, manifest }: Wanted, labels: Labels): TychoError {
  const subject = subjectOf(object)
  const system = labels[LABEL.system]
  const holder = system ? `another start of the system ${system}` : 'something that Tycho did not make'
  const message = `${subject} belongs to ${holder}`
  return new TychoError('OBJECT_NOT_OURS', message, {
    status: 409,
    problems: [{ code: 'OBJECT_NOT_OURS', severity: 'error', path: manifest.path, message }],
    details: { subject, holderSid: labels[LABEL.sid] ?? null },
  })
}

export function notThere({ object, manifest }: Wanted): TychoError {
  const subject = subjectOf(object)
  const message = `${subject} is called external and is not on the engine: create it, or correct its name`
  return new TychoError('EXTERNAL_NOT_FOUND', message, {
    status: 422,
    problems: [{ code: 'EXTERNAL_NOT_FOUND', severity: 'error', path: manifest.path, message }],
    details: { subject },
  })
}
