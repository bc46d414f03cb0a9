// Networks, volumes, configs, secrets and models in the model.
import type { FileSource, FileSpec } from '../../system/files.ts'
import type { ModelSpec } from '../../system/models.ts'
import type { VolumeSpec } from '../../system/mounts.ts'
import type { NetworkSpec } from '../../system/networks.ts'
import type { Reader } from './reader.ts'

export function networkOf(network: Reader): NetworkSpec {
  const ipam = network.below('ipam')
  return {
    name: network.text('name'),
    external: network.boolean('external') ?? false,
    driver: network.text('driver'),
    driverOptions: network.textMap('driver_opts'),
    addressing: {
      driver: ipam.text('driver'),
      pools: ipam.items('config').map((pool) => ({
        subnet: pool.text('subnet'),
        range: pool.text('ip_range'),
        gateway: pool.text('gateway'),
        reserved: pool.textMap('aux_addresses'),
      })),
      options: ipam.textMap('options'),
    },
    internal: network.boolean('internal') ?? false,
    attachable: network.boolean('attachable') ?? false,
    ipv4: network.boolean('enable_ipv4'),
    ipv6: network.boolean('enable_ipv6'),
    labels: network.textMap('labels'),
    extensions: network.extensions(),
  }
}

export function volumeOf(volume: Reader): VolumeSpec {
  return {
    name: volume.text('name'),
    external: volume.boolean('external') ?? false,
    driver: volume.text('driver'),
    driverOptions: volume.textMap('driver_opts'),
    labels: volume.textMap('labels'),
    extensions: volume.extensions(),
  }
}

/** A config or a secret. */
export function fileOf(file: Reader): FileSpec {
  return {
    name: file.text('name'),
    source: sourceOf(file),
    labels: file.textMap('labels'),
    driver: file.text('driver'),
    driverOptions: file.textMap('driver_opts'),
    templateDriver: file.text('template_driver'),
    extensions: file.extensions(),
  }
}

/** Of several sources the checks of consistency complain; without any, it is empty. */
function sourceOf(file: Reader): FileSource {
  const { environment } = file.context
  const path = file.text('file')
  const variable = file.text('environment')
  const driver = file.text('driver')
  if (file.boolean('external')) return { kind: 'external' }
  if (path !== null) return { kind: 'file', path }
  if (variable !== null) {
    const value = Object.hasOwn(environment, variable) ? environment[variable] : undefined
    return { kind: 'environment', variable, value: value ?? null }
  }
  if (driver !== null) return { kind: 'driver', driver }
  return { kind: 'content', content: file.text('content') ?? '' }
}

export function modelOf(model: Reader): ModelSpec {
  if (!model.has('model')) model.missing('model', 'name the model')
  return {
    name: model.text('name'),
    model: model.text('model') ?? '',
    contextSize: model.number('context_size'),
    runtimeFlags: model.texts('runtime_flags'),
    extensions: model.extensions(),
  }
}
