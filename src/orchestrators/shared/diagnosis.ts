// What is wrong with a pod or one of its containers, as a sentence about the service that needs no name before it.
import type { Reason } from '../../system/readiness.ts'

/** `isFinal`: waiting does not help. `rank` orders what pods wait for: the higher, the further from ready. */
export type Diagnosis = { isFinal: boolean; rank: number; reason: Reason }

export function final(code: string, message: string, exitCode?: number): Diagnosis {
  return { isFinal: true, rank: 9, reason: toReason(code, message, exitCode) }
}

export function pending(rank: number, code: string, message: string, exitCode?: number): Diagnosis {
  return { isFinal: false, rank, reason: toReason(code, message, exitCode) }
}

/** `exitCode`: with which a container ended, where that is the reason. */
export function toReason(code: string, message: string, exitCode?: number): Reason {
  return { code, message, ...(exitCode !== undefined && { exitCode }) }
}

/** A final one before all others, then the one that is the furthest from ready. */
export function mostImportant(diagnoses: readonly Diagnosis[]): Diagnosis | undefined {
  return [...diagnoses].sort((a, b) => Number(b.isFinal) - Number(a.isFinal) || b.rank - a.rank)[0]
}

export function sentence(head: string, rest: string): string {
  return rest ? `${head}: ${rest}` : head
}
