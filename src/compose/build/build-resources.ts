// Limits and reservations in the model: `deploy.resources`, or the older keys of a service.
import type { GenericResource } from '../../system/deploy.ts'
import type { Reservations, ServiceSpec } from '../../system/spec.ts'
import { reportConflict } from './build-context.ts'
import { deviceRequestOf } from './build-machine.ts'
import type { Reader } from './reader.ts'

/** null stands for what is not said, and for 0, which means no limit in Docker. */
export function buildResources(service: Reader): ServiceSpec['resources'] {
  const resources = service.below('deploy').below('resources')
  const limits = resources.below('limits')
  const reservations = resources.below('reservations')
  return {
    limits: {
      cpus: either(service, 'cpus', limits, 'cpus', positive(limits, 'cpus'), positive(service, 'cpus')),
      memoryBytes: either(
        service,
        'mem_limit',
        limits,
        'memory',
        size(limits, 'memory'),
        size(service, 'mem_limit'),
      ),
      pids: either(
        service,
        'pids_limit',
        limits,
        'pids',
        count(limits, 'pids'),
        count(service, 'pids_limit'),
      ),
    },
    reservations: reserved(service, reservations),
  }
}

function reserved(service: Reader, reservations: Reader): Reservations {
  const own = size(service, 'mem_reservation')
  return {
    cpus: positive(reservations, 'cpus'),
    memoryBytes: either(
      service,
      'mem_reservation',
      reservations,
      'memory',
      size(reservations, 'memory'),
      own,
    ),
    pids: null,
    devices: reservations.items('devices').map((device) => {
      if (!device.has('capabilities'))
        device.missing('capabilities', 'say what it must be able to, for example `[gpu]`')
      return deviceRequestOf(device)
    }),
    genericResources: reservations.list('generic_resources', genericOf),
  }
}

/** Both ways to say it may be used, and must agree (reference loader). */
function either(
  service: Reader,
  key: string,
  side: Reader,
  other: string,
  deployed: number | null,
  own: number | null,
): number | null {
  if (service.has(key) && side.has(other) && deployed !== own)
    reportConflict(service.context, service.path, key, `${side.path.slice(service.path.length + 1)}.${other}`)
  return deployed ?? own
}

function positive(reader: Reader, key: string): number | null {
  return reader.number(key) || null
}

function size(reader: Reader, key: string): number | null {
  return reader.bytes(key) || null
}

/** -1 is Docker's other way to say no limit of processes. */
function count(reader: Reader, key: string): number | null {
  const value = reader.number(key, { also: -1 })
  return value === -1 ? null : value || null
}

function genericOf(resource: Reader): GenericResource | null {
  const spec = resource.below('discrete_resource_spec')
  const kind = spec.text('kind')
  return kind === null ? null : { kind, value: spec.number('value') ?? 0 }
}
