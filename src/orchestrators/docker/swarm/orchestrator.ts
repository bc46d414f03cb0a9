// A Docker Swarm as an orchestrator: the pure compiler and what works through a manager, as one port.
import type { EngineOptions } from '../engine/engine.ts'
import type { DockerOrchestrator } from '../orchestrator.ts'
import { createSwarmCompiler } from './compile/compiler.ts'
import { createSwarmEngine } from './engine/engine.ts'

/**
 * Opens no connection before the first call. An engine that is not there yet, or in no swarm, is found without a restart;
 * until then the calls throw UnavailableError (remedy `wait`).
 */
export function createSwarmOrchestrator(options: EngineOptions): DockerOrchestrator {
  return { kind: 'swarm', ...createSwarmCompiler(), ...createSwarmEngine(options) }
}
