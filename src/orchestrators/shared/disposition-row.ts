// What a row of a table of dispositions says: what becomes of a key of the specification on one orchestrator.
import type { ServiceSpec, SystemSpec } from '../../system/spec.ts'

/** How a key fares. What is `error` can't be done; what is `policy` could be, if the operator allowed it. */
export type Disposition = 'map+warn' | 'map+info' | 'ignore+info' | 'error' | 'policy'

/**
 * One remark for a key wherever it is said. `why` goes on after the key's name. `where` gives the paths below the
 * service, or from the top for a key that is no service's.
 */
export type Said<Of> = { code: string; why: string; where(of: Of): string[] }

/**
 * `becomes`: what the key is on the orchestrator. `remarks`: codes of the Problems that it can be the subject of. `said`:
 * the one of them that follows from the key being there at all.
 */
export type Row = {
  becomes: string
  remarks: Readonly<Record<string, Disposition>>
  said?: Said<ServiceSpec>
  saidOf?: Said<SystemSpec>
}

export type Value = (service: ServiceSpec) => unknown

/** There is nothing to run the service with; it runs without. */
export function notApplied(key: string, why: string, value: Value) {
  return {
    becomes: 'nothing: a warning',
    remarks: { NOT_APPLIED: 'map+warn' },
    said: { code: 'NOT_APPLIED', why: `${why}, so it is not applied`, where: whole(key, value) },
  } as const satisfies Row
}

/** Without a meaning here. */
export function noEffect(key: string, why: string, value: Value) {
  return {
    becomes: 'nothing',
    remarks: { NO_EFFECT: 'ignore+info' },
    said: { code: 'NO_EFFECT', why: `has no effect: ${why}`, where: whole(key, value) },
  } as const satisfies Row
}

/** There is no such thing where systems run, which `code` says. */
export function createImpossible<const Code extends string>(code: Code) {
  return (key: string, why: string, value: Value) =>
    ({
      becomes: 'nothing: an error',
      remarks: { [code]: 'error' } as Readonly<Record<Code, 'error'>>,
      said: { code, why, where: whole(key, value) },
    }) as const satisfies Row
}

/** Compiled, with remarks of its own or none. */
export function becomes<const Remarks extends Row['remarks']>(what: string, remarks: Remarks) {
  return { becomes: what, remarks } as const satisfies Row
}

/** The key, where its value is said. */
export function whole(key: string, value: Value): (service: ServiceSpec) => string[] {
  return (service) => (isSaid(value(service)) ? [key] : [])
}

/** null, false, '' and what is empty stand for what the file does not say. */
export function isSaid(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '') return false
  return typeof value !== 'object' || Object.keys(value).length > 0
}
