// The compiler as the port has it: what is pure of an orchestrator, with what it keeps between two calls.
import type { Compiler } from '../../../orchestrator.ts'
import { createCompile } from '../../../shared/compile-again.ts'
import { createObjectNames } from '../../../shared/object-names.ts'
import type { EngineFacts } from '../../facts.ts'
import { CURRENT_SWARM, compile, objectNamesOf } from './compile.ts'
import { maskStages } from './mask-stages.ts'
import { needsOf, pullsOf } from './needs.ts'

export function createSwarmCompiler(): Compiler<EngineFacts> {
  const objectNames = createObjectNames(objectNamesOf)
  return {
    // Extensions are for Kubernetes: nothing of them is read here, so nothing of them is wrong.
    checkExtension: () => [],
    compile: createCompile({ compile, assumedFacts: CURRENT_SWARM, objectNames, asksForNames: () => false }),
    objectNames,
    maskStages,
    needs: needsOf,
    pullsOf,
  }
}
