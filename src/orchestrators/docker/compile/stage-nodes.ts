// What is started as one, what it waits for, and in which order that comes.
import { levelsOf } from '../../../system/graph.ts'
import type { Requirement } from '../../../system/readiness.ts'
import { requirementsOf } from '../../../system/requirements.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Context } from './context.ts'
import { type Step, stepsOf } from './pre-start.ts'

/** What is started as one: the copies of a service, or a step before them. */
export type Node = {
  key: string
  needs: string[]
  requires: Requirement[]
  service: string
  step: Step | null
}

/** By their keys, in the order of the file. */
export function nodesIn(context: Context): Map<string, Node> {
  return new Map(toNodes(context).map((node) => [node.key, node]))
}

/** What comes to rest waits for nobody, as in a removal. One after the other all the same: namespaces are another's. */
export function levelsIn(nodes: ReadonlyMap<string, Node>, { suspended }: Context): string[][] {
  const levels = levelsOf(new Map([...nodes].map(([key, { needs }]) => [key, needs])))
  return suspended ? [levels.flat()] : levels
}

function toNodes(context: Context): Node[] {
  return Object.entries(context.spec.services).flatMap(([name, service]) => nodesOf(name, service, context))
}

/** A chain: each step after the one before, the service after the last. */
function nodesOf(name: string, service: ServiceSpec, { spec }: Context): Node[] {
  const needs = Object.keys(service.dependsOn).filter((other) => Object.hasOwn(spec.services, other))
  const requires = requirementsOf(service, spec)
  const steps = stepsOf(name, service)
  const after = (step: Step | undefined): Requirement[] =>
    step ? [{ service: step.key, condition: 'completed' }] : []
  const before = (at: number) => [...needs, ...(steps[at - 1] ? [steps[at - 1]?.key ?? ''] : [])]
  return [
    ...steps.map((step, at) => ({
      key: step.key,
      needs: before(at),
      requires: [...requires, ...after(steps[at - 1])],
      service: name,
      step,
    })),
    {
      key: name,
      needs: before(steps.length),
      requires: [...requires, ...after(steps.at(-1))],
      service: name,
      step: null,
    },
  ]
}
