// `environment`: containers[].env, in the file's order.
import type { V1EnvVar } from '@kubernetes/client-node'
import type { Problem } from '../../../problem.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { ClusterFacts } from '../facts.ts'
import { isAtLeast } from './context.ts'
import { remark } from './dispositions.ts'
import { escapeReferences } from './escape.ts'

const anyPrintableName = /^[\x20-\x3c\x3e-\x7e]+$/
const plainName = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/
/** From here on a name may hold any printable ASCII but `=` (KEP-4369, on by default since 1.32). */
const RELAXED_NAMES_MINOR = 32

export function toEnvironment(service: ServiceSpec): V1EnvVar[] | undefined {
  const entries = Object.entries(service.environment)
  if (entries.length === 0) return undefined
  return entries.map(([name, value]) => ({ name, value: escapeReferences(value) }))
}

export function checkEnvironment(name: string, service: ServiceSpec, facts: ClusterFacts): Problem[] {
  const relaxed = isAtLeast(facts, RELAXED_NAMES_MINOR)
  const allowed = relaxed ? anyPrintableName : plainName
  const invalid = Object.keys(service.environment).filter((key) => !allowed.test(key))
  const rule = relaxed
    ? 'printable ASCII without ='
    : `letters, digits, - _ and ., not a digit first (more needs Kubernetes 1.${RELAXED_NAMES_MINOR})`
  return invalid.map((key) =>
    remark(
      'INVALID_VARIABLE_NAME',
      `services.${name}.environment.${key}`,
      `The cluster allows no variable called ${JSON.stringify(key)} in \`${name}\`: a name is made of ${rule}.`,
    ),
  )
}
