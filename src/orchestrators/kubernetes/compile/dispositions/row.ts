// What a row of Kubernetes' table of dispositions says.
import { type Row, type Value, whole } from '../../../shared/disposition-row.ts'

export { becomes, isSaid, noEffect, notApplied, type Row } from '../../../shared/disposition-row.ts'

/** There is no such thing on a cluster. */
export function impossible(key: string, why: string, value: Value) {
  return {
    becomes: 'nothing: an error',
    remarks: { NOT_ON_KUBERNETES: 'error' },
    said: { code: 'NOT_ON_KUBERNETES', why, where: whole(key, value) },
  } as const satisfies Row
}
