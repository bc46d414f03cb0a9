// How many copies of a service: `deploy.replicas`, or the older `scale`.
import { type MapNode, mapAt, numberAt, scalarAt } from '../node.ts'
import { type BuildContext, reportInvalid } from './build-context.ts'

/** Both keys may be given and must agree (reference loader). */
export function buildReplicas(service: MapNode, path: string, context: BuildContext): number {
  const scale = countAt(service, 'scale', path, context)
  const replicas = countAt(mapAt(service, 'deploy'), 'replicas', `${path}.deploy`, context)
  if (scale !== null && replicas !== null && scale !== replicas) {
    const message = '`scale` and `deploy.replicas` differ: give one of them.'
    context.reporter.report({ code: 'CONFLICTING_KEYS', path: `${path}.scale`, message })
  }
  return replicas ?? scale ?? 1
}

function countAt(map: MapNode | null, key: string, path: string, context: BuildContext): number | null {
  const count = numberAt(map, key)
  const node = scalarAt(map, key)
  if (count === null || !node || count >= 0) return count
  reportInvalid(context, `${path}.${key}`, node, 'it must not be negative')
  return null
}
