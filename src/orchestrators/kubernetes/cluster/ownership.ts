// Errors about objects that are not, or not yet, ours to write.
import { TychoError } from '../../../problem.ts'
import { LABEL } from '../labels.ts'
import type { Desired } from './desired.ts'
import type { KubeObject } from './objects.ts'

/** Final: an object of this name belongs to another incarnation, another system or a stranger. */
export function notOurs({ target }: Desired, live: KubeObject): TychoError {
  const subject = `${target.kind.kind}/${target.name}`
  const system = live.metadata.labels?.[LABEL.system]
  const holder = system ? `another start of the system ${system}` : 'something that Tycho did not make'
  const message = `${subject} in the namespace ${target.namespace} belongs to ${holder}`
  return new TychoError('OBJECT_NOT_OURS', message, {
    status: 409,
    problems: [{ code: 'OBJECT_NOT_OURS', severity: 'error', path: target.composePath ?? '', message }],
    details: { subject, namespace: target.namespace, holderSid: live.metadata.labels?.[LABEL.sid] ?? null },
  })
}

/** For the next attempt: the object is ours, and its deletion has not ended. */
export function stillTerminating({ target }: Desired): TychoError {
  const subject = `${target.kind.kind}/${target.name}`
  return new TychoError('OBJECT_TERMINATING', `${subject} is still being deleted`, {
    status: 503,
    remedy: 'retry',
    details: { subject },
  })
}
