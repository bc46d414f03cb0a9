// Compiling one spec for many systems: what is wrong with it is found once, as long as only the system's name is another.
import type { SystemSpec } from '../../../system/spec.ts'
import type { Compiled, CompileInput } from '../../orchestrator.ts'
import { assumedFacts, type ClusterFacts } from '../facts.ts'
import { compile } from './compile.ts'
import { KOMPOSE } from './kompose.ts'

type Known = Pick<Compiled, 'problems'> & { input: CompileInput }

/**
 * As `compile`; `objectNames`: those of an input. A spec is known again as the same object, so nobody may change one that
 * was compiled.
 */
export function createCompile(
  objectNames: (input: CompileInput) => string[],
): (input: CompileInput, facts?: ClusterFacts) => Compiled {
  const known = new WeakMap<SystemSpec, Known>()
  return (input, facts = assumedFacts) => {
    if (facts !== assumedFacts) return compile(input, facts)
    const before = known.get(input.spec)
    if (before && differsByName(before.input, input)) {
      return {
        problems: before.problems,
        objectNames: objectNames(input),
        get stages() {
          return compile(input).stages
        },
      }
    }
    const compiled = compile(input)
    if (!asksForNames(input.spec)) known.set(input.spec, { input, problems: compiled.problems })
    return compiled
  }
}

/** By the name and what goes with it: whose it is, and where it runs. */
function differsByName(one: CompileInput, other: CompileInput): boolean {
  return (
    one.policy === other.policy &&
    one.ingress === other.ingress &&
    one.exposure === other.exposure &&
    isEmpty(one.settings) &&
    isEmpty(other.settings) &&
    (one.suspended ?? false) === (other.suspended ?? false) &&
    (one.restartedAt ?? null) === (other.restartedAt ?? null)
  )
}

function isEmpty(settings: CompileInput['settings']): boolean {
  return settings === undefined || Object.keys(settings).length === 0
}

/** A name that the file gives to an object may be one that the system has already, and of another system not. */
function asksForNames({ services }: SystemSpec): boolean {
  return Object.values(services).some(({ labels }) => labels[KOMPOSE.nameOverride] !== undefined)
}
