// `gpus` and reserved devices: extended resources, of which a cluster gives a number to a container
// (https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/).
import type { Problem } from '../../../problem.ts'
import type { DeviceRequest } from '../../../system/deploy.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import { remark } from './dispositions.ts'

/** The resource that the device plugin of each maker gives a node. */
const GPUS: Readonly<Record<string, string>> = {
  nvidia: 'nvidia.com/gpu',
  amd: 'amd.com/gpu',
  intel: 'gpu.intel.com/i915',
}
/** Docker's own driver for the capability `gpu`. */
const DRIVER = 'nvidia'

const RESERVED = 'deploy.resources.reservations.devices'

type Asked = { request: DeviceRequest; path: string }

function requestsOf({ gpus, resources }: ServiceSpec): Asked[] {
  return [
    ...gpus.map((request, at) => ({ request, path: `gpus[${at}]` })),
    ...resources.reservations.devices.map((request, at) => ({ request, path: `${RESERVED}[${at}]` })),
  ]
}

/** Resource -> amount; what is asked for twice adds up. Empty where nothing is. */
export function toDeviceQuantities(service: ServiceSpec): Record<string, string> {
  const counts: Record<string, number> = {}
  for (const { request } of requestsOf(service)) {
    const resource = GPUS[request.driver ?? DRIVER]
    if (resource === undefined || typeof request.count !== 'number') continue
    counts[resource] = (counts[resource] ?? 0) + request.count
  }
  return Object.fromEntries(Object.entries(counts).map(([resource, count]) => [resource, String(count)]))
}

export function checkDevices(name: string, service: ServiceSpec): Problem[] {
  return requestsOf(service).flatMap(({ request, path }) =>
    checkRequest(`services.${name}.${path}`, request, path.startsWith('gpus')),
  )
}

function checkRequest(path: string, request: DeviceRequest, isGpu: boolean): Problem[] {
  const { driver, count, deviceIds, capabilities, options } = request
  if (!isGpu && !capabilities.includes('gpu')) {
    const message = `A cluster gives no device of the capabilities ${capabilities.join(', ')}: only \`gpu\` has a name in it.`
    return [remark('NOT_ON_KUBERNETES', path, message)]
  }
  if (!Object.hasOwn(GPUS, driver ?? DRIVER)) {
    const message = `A cluster has no name for devices of the driver \`${driver}\`: it is one of ${Object.keys(GPUS).join(', ')}.`
    return [remark('NOT_ON_KUBERNETES', path, message)]
  }
  const problems: Problem[] = []
  if (deviceIds.length > 0 || typeof count !== 'number') {
    const message =
      'A cluster gives a number of devices, not all of them or certain ones: say how many in `count`.'
    problems.push(remark('DEVICE_COUNT_REQUIRED', path, message))
  }
  if (Object.keys(options).length > 0) {
    const message = 'Options speak to a driver of Docker: they are not applied.'
    problems.push(remark('NOT_APPLIED', `${path}.options`, message))
  }
  return problems
}
