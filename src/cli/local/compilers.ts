// The compilers that need no server, by what they compile for.
import { createDockerCompiler } from '../../orchestrators/docker/compile/compiler.ts'
import { createSwarmCompiler } from '../../orchestrators/docker/swarm/compile/compiler.ts'
import { compile as compileForKubernetes } from '../../orchestrators/kubernetes/compile/compile.ts'
import { checkExtension } from '../../orchestrators/kubernetes/compile/extensions.ts'
import type { Compiled, CompileInput } from '../../orchestrators/orchestrator.ts'
import type { CheckExtension } from '../../system/extensions.ts'

/** `checkExtension`: of the extensions that it reads. `compile`: for a current cluster, engine or swarm. */
export type LocalCompiler = { checkExtension: CheckExtension; compile: (input: CompileInput) => Compiled }

export const targets = ['kubernetes', 'docker', 'swarm'] as const
export type Target = (typeof targets)[number]

export const compilers: Readonly<Record<Target, LocalCompiler>> = {
  kubernetes: { checkExtension, compile: compileForKubernetes },
  docker: createDockerCompiler(),
  swarm: createSwarmCompiler(),
}
