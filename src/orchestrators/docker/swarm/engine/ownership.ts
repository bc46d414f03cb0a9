// Errors about objects of a swarm that are not ours, or not there.
import { TychoError } from '../../../../problem.ts'
import type { Manifest } from '../../../orchestrator.ts'
import type { Labels } from '../../engine/live.ts'
import { LABEL } from '../../labels.ts'
import type { SwarmObject } from '../objects.ts'

type Named = Pick<SwarmObject, 'kind' | 'name'>

/** Final: an object of this name belongs to another incarnation, another system or a stranger. */
export function notOurs({ kind, name }: Named, { path }: Manifest, labels: Labels): TychoError {
  const subject = `${kind}/${name}`
  const system = labels[LABEL.system]
  const holder = system ? `another start of the system ${system}` : 'something that Tycho did not make'
  return refusal('OBJECT_NOT_OURS', 409, `${subject} belongs to ${holder}`, path, subject)
}

export function notThere({ kind, name }: Named, { path }: Manifest): TychoError {
  const subject = `${kind}/${name}`
  const message = `${subject} is called external and is not in the swarm: create it, or correct its name`
  return refusal('EXTERNAL_NOT_FOUND', 422, message, path, subject)
}

function refusal(code: string, status: number, message: string, path: string, subject: string): TychoError {
  const problems = [{ code, severity: 'error' as const, path, message }]
  return new TychoError(code, message, { status, problems, details: { subject } })
}
