// What a run has measured.
import type { TychoRound } from '../measure-tycho.ts'
import type { Round } from '../round.ts'

export type FloorRound = { manner: string; round: Round }

/** `kubectl`: its start alone, of fewer systems. */
export type Results = { floors: readonly FloorRound[]; tycho: TychoRound; kubectl: Round | null }
