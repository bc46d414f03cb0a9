// What is started as one, and what it waits for: a workload with all the services of its pod, and what runs once before one
// of them.
import type { Dependencies } from '../../../system/graph.ts'
import type { Requirement } from '../../../system/readiness.ts'
import { requirementsOf, toGateKey } from '../../../system/requirements.ts'
import type { Context } from './context.ts'
import { hasGate } from './gate.ts'
import { leaderOf, type Member, membersOf } from './pod-members.ts'

/**
 * `needs`: the keys of the nodes that come before; `requires`: how far their services must have come. `gate`: the service
 * before which this runs once.
 */
export type StageNode = { services: string[]; needs: string[]; requires: Requirement[]; gate?: string }

/** In the file's order: a workload by the name of the service that leads its pod, what comes before it by its own key. */
export function toNodes(context: Context): Map<string, StageNode> {
  const leaders = Object.keys(context.spec.services).filter((name) => leaderOf(name, context) === name)
  return new Map(leaders.flatMap((name) => nodesOf(name, context)))
}

function nodesOf(leader: string, context: Context): [string, StageNode][] {
  const members = membersOf(leader, context)
  const gates = members.filter(({ service }) => hasGate(service)).map(({ name }) => name)
  const pod = toNode(members, members, context)
  const keys = gates.map(toGateKey)
  const conditions = keys.map((service): Requirement => ({ service, condition: 'completed' }))
  return [
    ...gates.map((gate): [string, StageNode] => {
      const own = members.filter(({ name }) => name === gate)
      return [toGateKey(gate), { ...toNode(own, members, context), services: [toGateKey(gate)], gate }]
    }),
    [leader, { ...pod, needs: [...pod.needs, ...keys], requires: [...pod.requires, ...conditions] }],
  ]
}

/** What some of a pod's services wait for, but for each other. */
function toNode(some: readonly Member[], members: readonly Member[], context: Context): StageNode {
  const isOther = (name: string) =>
    Object.hasOwn(context.spec.services, name) && !members.some((member) => member.name === name)
  const needs = some.flatMap(({ service }) => Object.keys(service.dependsOn).filter(isOther))
  const requires = some.flatMap(({ service }) => requirementsOf(service, context.spec))
  return {
    services: some.map(({ name }) => name),
    needs: [...new Set(needs.map((name) => leaderOf(name, context)))],
    requires: requires.filter(({ service }) => isOther(service)),
  }
}

/** What comes before what, by keys. */
export function toDependencies(nodes: ReadonlyMap<string, StageNode>): Dependencies {
  return new Map([...nodes].map(([key, { needs }]) => [key, needs]))
}
