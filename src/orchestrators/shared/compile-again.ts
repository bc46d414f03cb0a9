// Compiling one spec for many systems: what is wrong with it is found once, as long as only the system's name is another.
import type { SystemSpec } from '../../system/spec.ts'
import type { Compiled, CompileInput } from '../orchestrator.ts'

type Known = Pick<Compiled, 'problems'> & { input: CompileInput }

/**
 * `assumedFacts`: those with which a file is checked where nothing runs it yet. `objectNames`: those of an input.
 * `asksForNames`: a name that the file gives to an object may be one that the system has already, and of another system
 * not.
 */
export type Compiler<Facts> = {
  compile(input: CompileInput, facts?: Facts): Compiled
  assumedFacts: Facts
  objectNames(input: CompileInput): string[]
  asksForNames(spec: SystemSpec): boolean
}

/** As `compile`. A spec is known again as the same object, so nobody may change one that was compiled. */
export function createCompile<Facts>(
  compiler: Compiler<Facts>,
): (input: CompileInput, facts?: Facts) => Compiled {
  const { compile, assumedFacts, objectNames, asksForNames } = compiler
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
