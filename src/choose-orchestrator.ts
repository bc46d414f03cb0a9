// Which orchestrator a process works with: decided once, at its start, and by the same rule in API and workers.
import type { OrchestratorKind } from './system/orchestrator-kind.ts'

/**
 * `because`: of the setting; of what the installation runs on already; of what answered; or of nothing, and then it waits
 * for a cluster.
 */
export type Choice = { kind: OrchestratorKind; because: 'setting' | 'use' | 'answer' | 'nothing' }

export type Choosing = {
  /** What the setting says; null: nothing. */
  wanted: OrchestratorKind | null
  /** What the installation runs on; null where nothing runs, or that can't be known now. */
  inUse: OrchestratorKind | null
  /** Whether one answers. */
  answers: (kind: OrchestratorKind) => Promise<boolean>
}

/** The order in which they are looked for; a swarm is only taken when it is asked for. */
const looked = ['kubernetes', 'docker'] as const

/** What systems run on already goes before what answers: a cluster that comes later does not take them over. */
export async function chooseOrchestrator({ wanted, inUse, answers }: Choosing): Promise<Choice> {
  if (wanted) return { kind: wanted, because: 'setting' }
  if (inUse) return { kind: inUse, because: 'use' }
  for (const kind of looked) if (await answers(kind)) return { kind, because: 'answer' }
  return { kind: 'kubernetes', because: 'nothing' }
}
