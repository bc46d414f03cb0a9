// Which orchestrator runs the systems of an installation, and what the place is called where they run.
import { type Static, Type } from 'typebox'

export const OrchestratorKind = Type.Union([
  Type.Literal('kubernetes'),
  Type.Literal('docker'),
  Type.Literal('swarm'),
])
export type OrchestratorKind = Static<typeof OrchestratorKind>

/** As a sentence calls it, with its article where there is only one. */
export const placeOf: Readonly<Record<OrchestratorKind, string>> = {
  kubernetes: 'the cluster',
  docker: 'the Docker engine',
  swarm: 'the swarm',
}
