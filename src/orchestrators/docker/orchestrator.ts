// A Docker engine as an orchestrator: the pure compiler and what works on the engine, as one port.
import type { Orchestrator } from '../orchestrator.ts'
import { createDockerCompiler } from './compile/compiler.ts'
import { createEngine, type EngineOptions } from './engine/engine.ts'
import type { EngineFacts } from './facts.ts'

export type DockerOptions = EngineOptions

export type DockerOrchestrator = Orchestrator<EngineFacts>

/**
 * Opens no connection before the first call. An engine that is not there yet is found without a restart; until then the
 * calls throw UnavailableError (remedy `wait`).
 */
export function createDockerOrchestrator(options: DockerOptions): DockerOrchestrator {
  return { kind: 'docker', ...createDockerCompiler(), ...createEngine(options) }
}
