// The compiler as the port has it: what is pure of an orchestrator, with what it keeps between two calls.
import type { Compiler } from '../../orchestrator.ts'
import { createCompile } from '../../shared/compile-again.ts'
import { createObjectNames } from '../../shared/object-names.ts'
import { CURRENT_ENGINE, type EngineFacts } from '../facts.ts'
import { compile, objectNamesOf } from './compile.ts'
import { maskStages } from './mask-stages.ts'
import { needsOf } from './needs.ts'
import { pullsOf } from './pulls.ts'

export function createDockerCompiler(): Compiler<EngineFacts> {
  const objectNames = createObjectNames(objectNamesOf)
  return {
    // Extensions are for Kubernetes: nothing of them is read here, so nothing of them is wrong.
    checkExtension: () => [],
    compile: createCompile({ compile, assumedFacts: CURRENT_ENGINE, objectNames, asksForNames: () => false }),
    objectNames,
    maskStages,
    needs: needsOf,
    pullsOf,
  }
}
