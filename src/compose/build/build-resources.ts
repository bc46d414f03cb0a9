// `deploy.resources` in the model.
import type { Resources, ServiceSpec } from '../../system/spec.ts'
import { type MapNode, mapAt, numberAt, scalarAt } from '../node.ts'
import { parseBytes } from '../values/bytes.ts'
import { type BuildContext, reportInvalid } from './build-context.ts'

/** null stands for what is not said, and for 0, which means no limit in Docker. */
export function buildResources(
  service: MapNode,
  path: string,
  context: BuildContext,
): ServiceSpec['resources'] {
  const resources = mapAt(mapAt(service, 'deploy'), 'resources')
  const base = `${path}.deploy.resources`
  return {
    limits: buildSide(mapAt(resources, 'limits'), `${base}.limits`, context),
    reservations: {
      ...buildSide(mapAt(resources, 'reservations'), `${base}.reservations`, context),
      devices: [],
      genericResources: [],
    },
  }
}

function buildSide(side: MapNode | null, path: string, context: BuildContext): Resources {
  return {
    cpus: amountAt(side, 'cpus', path, context),
    memoryBytes: memoryAt(side, path, context),
    pids: amountAt(side, 'pids', path, context),
  }
}

/** A positive number; -1 is Docker's other way to say no limit of processes. */
function amountAt(
  side: MapNode | null,
  key: 'cpus' | 'pids',
  path: string,
  context: BuildContext,
): number | null {
  const amount = numberAt(side, key)
  const node = scalarAt(side, key)
  if (amount === null || !node || amount === 0 || (key === 'pids' && amount === -1)) return null
  if (amount > 0) return amount
  reportInvalid(context, `${path}.${key}`, node, 'it must be a positive number')
  return null
}

function memoryAt(side: MapNode | null, path: string, context: BuildContext): number | null {
  const node = scalarAt(side, 'memory')
  if (!node) return null
  const bytes = parseBytes(node.text)
  if (bytes === null)
    reportInvalid(context, `${path}.memory`, node, 'a size is a number and a unit, as `512m` or `1.5g`')
  return bytes === 0 ? null : bytes
}
