// How many copies of a service: `deploy.replicas`, or the older `scale`.
import { reportConflict } from './build-context.ts'
import type { Reader } from './reader.ts'

/** Both keys may be given and must agree (reference loader). */
export function buildReplicas(service: Reader): number {
  const scale = service.number('scale')
  const replicas = service.below('deploy').number('replicas')
  if (scale !== null && replicas !== null && scale !== replicas)
    reportConflict(service.context, service.path, 'scale', 'deploy.replicas')
  return replicas ?? scale ?? 1
}
