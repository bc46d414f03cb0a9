// What a service asks of others before it is started, from `depends_on`.
import type { Requirement } from './readiness.ts'
import type { ServiceSpec, SystemSpec } from './spec.ts'

/**
 * Optional dependencies only order the stages, and one without replicas is not waited for, as in Docker Compose
 * (https://docs.docker.com/reference/compose-file/services/#depends_on).
 */
export function requirementsOf(service: ServiceSpec, { services }: SystemSpec): Requirement[] {
  return Object.entries(service.dependsOn).flatMap(([name, { condition, required }]) => {
    const dependency = services[name]
    return required && dependency && dependency.replicas > 0 ? [{ service: name, condition }] : []
  })
}

/** Each once, the first of those that are alike. */
export function distinctRequirements(all: readonly Requirement[]): Requirement[] {
  return all.filter((one, at) => all.findIndex((other) => isSame(one, other)) === at)
}

function isSame(a: Requirement, b: Requirement): boolean {
  return a.service === b.service && a.condition === b.condition
}

/** The name under which what runs once before a service is waited for and told of; no service can have it. */
export function toGateKey(service: string): string {
  return `${service}/pre_start`
}
