// The model, from a file in long forms.
import { emptySystem } from '../../system/empty.ts'
import type { ServiceSpec, SystemSpec } from '../../system/spec.ts'
import { type MapNode, mapAt, textAt } from '../node.ts'
import { keyPath } from '../path.ts'
import type { BuildContext } from './build-context.ts'
import { buildExtensions } from './build-extensions.ts'
import { buildService } from './build-service.ts'

/** Always a spec; whether it may be run is what the reporter says at the end. */
export function buildSpec(root: MapNode, context: BuildContext): SystemSpec {
  const services: [string, ServiceSpec][] = []
  for (const [name, { value }] of mapAt(root, 'services')?.entries ?? []) {
    if (value.kind === 'map') services.push([name, buildService(value, keyPath('services', name), context)])
  }
  return {
    ...emptySystem(),
    name: textAt(root, 'name'),
    services: Object.fromEntries(services),
    extensions: buildExtensions(root),
  }
}
