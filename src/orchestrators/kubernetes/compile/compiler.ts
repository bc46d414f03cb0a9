// The compiler as the port has it: what is pure of an orchestrator, with what it keeps between two calls.
import type { SystemSpec } from '../../../system/spec.ts'
import type { Compiler } from '../../orchestrator.ts'
import { createCompile } from '../../shared/compile-again.ts'
import { createObjectNames } from '../../shared/object-names.ts'
import { assumedFacts, type ClusterFacts } from '../facts.ts'
import { compile, objectNamesOf } from './compile.ts'
import { checkExtension } from './extensions.ts'
import { KOMPOSE } from './kompose.ts'
import { maskStages } from './mask-stages.ts'
import { needsOf } from './needs.ts'
import { pullsOf } from './pulls.ts'

export function createKubernetesCompiler(): Compiler<ClusterFacts> {
  const objectNames = createObjectNames(objectNamesOf)
  return {
    checkExtension,
    compile: createCompile({ compile, assumedFacts, objectNames, asksForNames }),
    objectNames,
    maskStages,
    needs: needsOf,
    pullsOf,
  }
}

/** By Kompose's label. */
function asksForNames({ services }: SystemSpec): boolean {
  return Object.values(services).some(({ labels }) => labels[KOMPOSE.nameOverride] !== undefined)
}
