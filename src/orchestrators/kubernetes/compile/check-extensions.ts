// `x-*` keys say nothing to Compose; the one that speaks to Kubernetes is answered.
import type { Problem } from '../../../problem.ts'
import type { SystemSpec } from '../../../system/spec.ts'
import { remark } from './dispositions.ts'

const KEY = 'x-k8s'

export function checkExtensions(spec: SystemSpec): Problem[] {
  const services = Object.entries(spec.services)
  const paths = services
    .filter(([, service]) => KEY in service.extensions)
    .map(([name]) => `services.${name}.${KEY}`)
  if (KEY in spec.extensions) paths.push(KEY)
  return paths.map((path) => remark('NO_EFFECT', path, `\`${KEY}\` is not read by this version of Tycho.`))
}
