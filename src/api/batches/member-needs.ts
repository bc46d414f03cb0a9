// What the members of a batch need, worked out once for all that differ by values which make no difference to it: that
// takes longer than all else of a member's check.
import type { Compiled } from '../../orchestrators/orchestrator.ts'
import type { Needs } from '../../system/needs.ts'
import type { SystemSpec } from '../../system/spec.ts'
import type { ApiContext } from '../context.ts'

type Known = { needs: Needs; spec: SystemSpec }

/** Kept at most, of members that differ in more. */
const maxKnown = 256

export function createNeedsOf({ needs: needsOf }: Pick<ApiContext, 'needs'>) {
  const known = new Map<string, Known>()
  return (spec: SystemSpec, compiled: Compiled): Needs => {
    const key = keyOf(spec)
    const first = known.get(key)
    if (first) return isSame(first.spec, spec) ? first.needs : withImagesOf(first, spec)
    if (known.size >= maxKnown) known.clear()
    const needs = needsOf(compiled.stages)
    known.set(key, { needs, spec })
    return needs
  }
}

/** Without what stands in a container and takes nothing, and without the images, which are told by their names alone. */
function keyOf(spec: SystemSpec): string {
  const services = Object.entries(spec.services).map(([name, service]) => [
    name,
    { ...service, environment: null, command: null, entrypoint: null, image: null },
  ])
  return JSON.stringify({ ...spec, services, secretValues: null })
}

function isSame(one: SystemSpec, other: SystemSpec): boolean {
  return Object.entries(one.services).every(([name, { image }]) => other.services[name]?.image === image)
}

/** Where two services share an image in the first and not here, both of theirs are meant. */
function withImagesOf({ needs, spec: first }: Known, spec: SystemSpec): Needs {
  const images = needs.images.flatMap((image) => {
    const own = Object.entries(first.services)
      .filter(([, service]) => service.image === image)
      .flatMap(([name]) => spec.services[name]?.image ?? [])
    return own.length > 0 ? own : [image]
  })
  return { ...needs, images: [...new Set(images)].sort() }
}
