// What a row of Kubernetes' table of dispositions says.
import { createImpossible } from '../../../shared/disposition-row.ts'

export { becomes, isSaid, noEffect, notApplied, type Row } from '../../../shared/disposition-row.ts'

/** There is no such thing on a cluster. */
export const impossible = createImpossible('NOT_ON_KUBERNETES')
