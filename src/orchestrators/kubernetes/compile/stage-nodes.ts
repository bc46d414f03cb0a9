// What is started as one, and what it waits for: a workload with all the services of its pod.
import type { Dependencies } from '../../../system/graph.ts'
import type { Requirement } from '../../../system/readiness.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Context } from './context.ts'
import { leaderOf, membersOf } from './pod-members.ts'

/** `needs`: the keys of the nodes that come before; `requires`: how far their services must have come. */
export type StageNode = { services: string[]; needs: string[]; requires: Requirement[] }

/** By the name of the service that leads its pod, in the file's order. */
export function toNodes(context: Context): Map<string, StageNode> {
  const leaders = Object.keys(context.spec.services).filter((name) => leaderOf(name, context) === name)
  return new Map(leaders.map((name) => [name, toNode(name, context)]))
}

function toNode(leader: string, context: Context): StageNode {
  const members = membersOf(leader, context)
  const services = members.map(({ name }) => name)
  const isOther = (name: string) => Object.hasOwn(context.spec.services, name) && !services.includes(name)
  const needs = members.flatMap(({ service }) => Object.keys(service.dependsOn).filter(isOther))
  return {
    services,
    needs: [...new Set(needs.map((name) => leaderOf(name, context)))],
    requires: members
      .flatMap(({ service }) => requirementsOf(service, context))
      .filter(({ service }) => isOther(service)),
  }
}

/**
 * Optional dependencies only order the stages, and one without replicas is not waited for, as in Docker Compose
 * (https://docs.docker.com/reference/compose-file/services/#depends_on).
 */
function requirementsOf(service: ServiceSpec, { spec }: Context): Requirement[] {
  return Object.entries(service.dependsOn).flatMap(([name, { condition, required }]) => {
    const dependency = spec.services[name]
    return required && dependency && dependency.replicas > 0 ? [{ service: name, condition }] : []
  })
}

/** What comes before what, by keys. */
export function toDependencies(nodes: ReadonlyMap<string, StageNode>): Dependencies {
  return new Map([...nodes].map(([key, { needs }]) => [key, needs]))
}
