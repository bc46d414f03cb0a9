// What a row of Docker's table of dispositions says.

import type { ServiceSpec } from '../../../../system/spec.ts'
import { isSaid, type Row, type Value, whole } from '../../../shared/disposition-row.ts'

export { becomes, isSaid, noEffect, notApplied, type Row } from '../../../shared/disposition-row.ts'

/** There is no such thing on a Docker engine. */
export function impossible(key: string, why: string, value: Value) {
  return {
    becomes: 'nothing: an error',
    remarks: { NOT_ON_DOCKER: 'error' },
    said: { code: 'NOT_ON_DOCKER', why, where: whole(key, value) },
  } as const satisfies Row
}

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
