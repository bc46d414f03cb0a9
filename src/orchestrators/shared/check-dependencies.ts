// `depends_on`: what a start can't wait for, or waits for differently.
import type { Problem } from '../../problem.ts'
import type { Dependency, ServiceSpec, SystemSpec } from '../../system/spec.ts'

type Code = 'OPTIONAL_DEPENDENCY' | 'HEALTHY_WITHOUT_HEALTHCHECK' | 'DEPENDENCY_NEVER_COMPLETES'

/** What an orchestrator makes of the services that others wait for. `withoutHealthcheck`: of what is waited for then. */
export type Waiting = {
  remark(code: Code, path: string, message: string): Problem
  hasHealthcheck(name: string, service: ServiceSpec): boolean
  ends(name: string, service: ServiceSpec): boolean
  withoutHealthcheck(name: string, other: string): string
}

export function checkDependencies(
  name: string,
  service: ServiceSpec,
  { services }: SystemSpec,
  waiting: Waiting,
): Problem[] {
  return Object.entries(service.dependsOn).flatMap(([other, dependency]) => {
    const found = services[other]
    return found ? checkDependency([name, other], dependency, found, waiting) : []
  })
}

function checkDependency(
  [name, other]: [name: string, other: string],
  { condition, required }: Dependency,
  service: ServiceSpec,
  { remark, hasHealthcheck, ends, withoutHealthcheck }: Waiting,
): Problem[] {
  const path = `services.${name}.depends_on.${other}`
  if (!required) {
    const message = `\`${name}\` is started after \`${other}\`, but does not wait for it, because \`required\` is false.`
    return [remark('OPTIONAL_DEPENDENCY', path, message)]
  }
  if (condition === 'healthy' && !hasHealthcheck(other, service))
    return [remark('HEALTHY_WITHOUT_HEALTHCHECK', path, withoutHealthcheck(name, other))]
  if (condition === 'completed' && !ends(other, service)) {
    const message = `\`${name}\` waits for the end of \`${other}\`, which never ends, because of its \`restart\` or \`deploy.mode\`: write \`restart: "no"\` there.`
    return [remark('DEPENDENCY_NEVER_COMPLETES', path, message)]
  }
  return []
}
