// `depends_on`: what a start on Kubernetes can't wait for, or waits for differently.
import type { Problem } from '../../../problem.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import { checkDependencies as check } from '../../shared/check-dependencies.ts'
import type { Context } from './context.ts'
import { remark } from './dispositions.ts'
import { toReadinessProbe } from './probe.ts'
import { toExtendedProbes } from './service-extension.ts'
import { toWorkload } from './workload.ts'

export function checkDependencies(name: string, service: ServiceSpec, context: Context): Problem[] {
  return check(name, service, context.spec, {
    remark,
    hasHealthcheck: (_other, found) =>
      toExtendedProbes(found, toReadinessProbe(found)).readinessProbe !== undefined,
    ends: (other, found) => toWorkload(other, found, context).kind === 'Job',
    withoutHealthcheck: (waiting, other) =>
      `\`${other}\` has no healthcheck in the file, and one in its image is not read: \`${waiting}\` waits only until it runs.`,
  })
}
