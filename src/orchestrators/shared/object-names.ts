// Names of objects for many systems of one spec: worked out once, as long as only the system's name is another.

import { toHostname } from '../../system/names.ts'
import type { SystemSpec } from '../../system/spec.ts'
import type { CompileInput } from '../orchestrator.ts'

/** Short of every limit of a name, so that nothing was cut. */
const UNCUT_MAX = 52

/** No service is called so. */
const STAND_IN = 'q0q'

/** Each name with the system's own left out; null: not every name begins with that. */
type Endings = string[] | null

type ObjectNames = (input: CompileInput) => string[]

export function createObjectNames(objectNamesOf: ObjectNames): ObjectNames {
  const known = new WeakMap<SystemSpec, Endings>()
  return (input) => {
    const { spec, identity } = input
    let endings = known.get(spec)
    if (endings === undefined) {
      endings = endingsOf(input, objectNamesOf)
      known.set(spec, endings)
    }
    // A service that is called as the system shares its name.
    const isPlain = Object.keys(spec.services).every((service) => toHostname(service) !== identity.name)
    const names = endings?.map((ending) => identity.name + ending)
    return isPlain && names?.every((name) => name.length <= UNCUT_MAX) ? names : objectNamesOf(input)
  }
}

function endingsOf(input: CompileInput, objectNamesOf: ObjectNames): Endings {
  const names = objectNamesOf({ ...input, identity: { ...input.identity, name: STAND_IN } })
  return names.every((name) => name.startsWith(STAND_IN) && name.length <= UNCUT_MAX)
    ? names.map((name) => name.slice(STAND_IN.length))
    : null
}
