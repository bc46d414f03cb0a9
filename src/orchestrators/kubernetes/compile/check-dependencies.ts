// `depends_on`: what a start on Kubernetes can't wait for, or waits for differently.
import type { Problem } from '../../../problem.ts'
import type { Dependency, ServiceSpec } from '../../../system/spec.ts'
import type { Context } from './context.ts'
import { remark } from './dispositions.ts'
import { toReadinessProbe } from './probe.ts'
import { toExtendedProbes } from './service-extension.ts'
import { toWorkload } from './workload.ts'

export function checkDependencies(name: string, service: ServiceSpec, context: Context): Problem[] {
  return Object.entries(service.dependsOn).flatMap(([other, dependency]) =>
    checkDependency(name, other, dependency, context),
  )
}

function checkDependency(name: string, other: string, dependency: Dependency, context: Context): Problem[] {
  const service = context.spec.services[other]
  if (!service) return []
  const path = `services.${name}.depends_on.${other}`
  if (!dependency.required) {
    const message = `\`${name}\` is started after \`${other}\`, but does not wait for it, because \`required\` is false.`
    return [remark('OPTIONAL_DEPENDENCY', path, message)]
  }
  if (
    dependency.condition === 'healthy' &&
    !toExtendedProbes(service, toReadinessProbe(service)).readinessProbe
  ) {
    const message = `\`${other}\` has no healthcheck in the file, and one in its image is not read: \`${name}\` waits only until it runs.`
    return [remark('HEALTHY_WITHOUT_HEALTHCHECK', path, message)]
  }
  if (dependency.condition === 'completed' && toWorkload(other, service, context).kind !== 'Job') {
    const message = `\`${name}\` waits for the end of \`${other}\`, which never ends, because of its \`restart\` or \`deploy.mode\`: write \`restart: "no"\` there.`
    return [remark('DEPENDENCY_NEVER_COMPLETES', path, message)]
  }
  return []
}
