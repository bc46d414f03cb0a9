// The model, from a file in long forms.
import type { SystemSpec } from '../../system/spec.ts'
import type { MapNode } from '../node.ts'
import type { BuildContext } from './build-context.ts'
import { buildService } from './build-service.ts'
import { fileOf, modelOf, networkOf, volumeOf } from './build-top-level.ts'
import { Reader } from './reader.ts'

/** Always a spec; whether it may be run is what the reporter says at the end. */
export function buildSpec(root: MapNode, context: BuildContext): SystemSpec {
  const file = new Reader(root, context)
  return {
    name: file.text('name'),
    services: file.record('services', (service) => (service.map ? buildService(service) : undefined)),
    networks: file.record('networks', networkOf),
    volumes: file.record('volumes', volumeOf),
    configs: file.record('configs', fileOf),
    secrets: file.record('secrets', fileOf),
    models: file.record('models', modelOf),
    files: {},
    extensions: file.extensions(),
  }
}
