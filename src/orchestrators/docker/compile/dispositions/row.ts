// What a row of Docker's table of dispositions says.

import type { ServiceSpec } from '../../../../system/spec.ts'
import { createImpossible, isSaid, type Row } from '../../../shared/disposition-row.ts'

export { becomes, isSaid, noEffect, notApplied, type Row } from '../../../shared/disposition-row.ts'

/** There is no such thing on a Docker engine. */
export const impossible = createImpossible('NOT_ON_DOCKER')

/** Of a key of each port. */
export function noEffectOnPorts(
  key: string,
  why: string,
  value: (port: ServiceSpec['ports'][number]) => unknown,
) {
  return {
    becomes: 'nothing',
    remarks: { NO_EFFECT: 'ignore+info' },
    said: {
      code: 'NO_EFFECT',
      why: `has no effect: ${why}`,
      where: ({ ports }: ServiceSpec) =>
        ports.flatMap((port, at) => (isSaid(value(port)) ? [`ports[${at}].${key}`] : [])),
    },
  } as const satisfies Row
}
