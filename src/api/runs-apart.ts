// An API that compiles for one orchestrator, and workers that apply on another: no job of theirs would go well.
import type { Seen } from '../store/health.ts'
import { type OrchestratorKind, placeOf } from '../system/orchestrator-kind.ts'

/** The sentence that says so; null where both work with the same, or no worker has said anything lately. */
export function runsApart(own: OrchestratorKind, seen: Seen | null): string | null {
  if (!seen || seen.orchestrator === own) return null
  return `this API works with ${placeOf[own]}, a worker with ${placeOf[seen.orchestrator]}: set TYCHO_ORCHESTRATOR for both`
}
