// What a service may do and use on the machine, in the model.
import type { DeviceMapping, DeviceRequest } from '../../system/deploy.ts'
import type { BlockIo, DeviceRate, Security, Ulimit } from '../../system/process.ts'
import type { ServiceSpec } from '../../system/spec.ts'
import { scalarAt } from '../node.ts'
import { parseDurationMs } from '../values/duration.ts'
import { parseSecurityOption } from '../values/process.ts'
import type { Reader } from './reader.ts'

type Machine = Pick<
  ServiceSpec,
  'cpu' | 'memory' | 'blockIo' | 'ulimits' | 'sysctls' | 'devices' | 'gpus' | 'security' | 'cgroupParent'
>

export function buildMachine(service: Reader): Machine {
  return {
    cpu: cpuOf(service),
    memory: memoryOf(service),
    blockIo: service.has('blkio_config') ? blockIoOf(service.below('blkio_config')) : null,
    ulimits: ulimitsOf(service),
    sysctls: service.textMap('sysctls'),
    devices: service.list('devices', deviceOf),
    gpus: service.list('gpus', deviceRequestOf),
    security: securityOf(service),
    cgroupParent: service.text('cgroup_parent'),
  }
}

function cpuOf(service: Reader): ServiceSpec['cpu'] {
  return {
    shares: service.number('cpu_shares'),
    quotaUs: service.number('cpu_quota', { also: -1 }),
    periodUs: service.number('cpu_period'),
    realtimePeriodUs: microsecondsAt(service, 'cpu_rt_period'),
    realtimeRuntimeUs: microsecondsAt(service, 'cpu_rt_runtime'),
    count: service.number('cpu_count'),
    percent: service.number('cpu_percent', { most: 100 }),
    set: service.text('cpuset'),
  }
}

/** Microseconds, or a duration with its unit (specification, "cpu_rt_period"). */
function microsecondsAt(service: Reader, key: string): number | null {
  return service.parsed(key, parseMicroseconds, 'it must be microseconds, or a duration as `1400us`')
}

function parseMicroseconds(text: string): number | null {
  if (/^\d+$/.test(text)) return Number(text)
  const durationMs = parseDurationMs(text)
  return durationMs === null ? null : durationMs * 1000
}

function memoryOf(service: Reader): ServiceSpec['memory'] {
  return {
    swapBytes: service.bytes('memswap_limit', { also: -1 }),
    swappiness: service.number('mem_swappiness', { most: 100, also: -1 }),
    oomKillDisable: service.boolean('oom_kill_disable') ?? false,
    oomScoreAdjustment: service.number('oom_score_adj', { least: -1000, most: 1000 }),
  }
}

function blockIoOf(blkio: Reader): BlockIo {
  return {
    weight: blkio.number('weight', { least: 10, most: 1000, also: 0 }),
    deviceWeights: blkio.items('weight_device').map((device) => ({
      path: device.text('path') ?? '',
      weight: device.number('weight', { most: 1000 }) ?? 0,
    })),
    readBytesPerSecond: blkio.list('device_read_bps', rateOf),
    writeBytesPerSecond: blkio.list('device_write_bps', rateOf),
    readsPerSecond: blkio.list('device_read_iops', rateOf),
    writesPerSecond: blkio.list('device_write_iops', rateOf),
  }
}

function rateOf(device: Reader): DeviceRate {
  return { path: device.text('path') ?? '', rate: device.bytes('rate') ?? 0 }
}

/** One number is both limits (specification, "ulimits"). */
export function ulimitsOf(reader: Reader): Record<string, Ulimit> {
  const all = reader.below('ulimits')
  return reader.record('ulimits', (limit, name) => {
    const single = scalarAt(all.map, name) ? all.number(name, { also: -1 }) : null
    if (single !== null) return { soft: single, hard: single }
    if (limit.map && !limit.has('soft')) limit.missing('soft', 'give both limits')
    if (limit.map && !limit.has('hard')) limit.missing('hard', 'give both limits')
    const soft = limit.number('soft', { also: -1 }) ?? -1
    const hard = limit.number('hard', { also: -1 }) ?? -1
    if (hard !== -1 && soft > hard) limit.invalid('soft', 'it must not be above `hard`')
    return { soft, hard }
  })
}

function deviceOf(device: Reader): DeviceMapping | null {
  const source = device.text('source')
  if (source === null) {
    device.missing('source', 'say which device it is')
    return null
  }
  // The reference loader leaves the letters of the permissions to the engine.
  return { source, target: device.text('target'), permissions: device.text('permissions') }
}

export function deviceRequestOf(request: Reader): DeviceRequest {
  if (request.has('count') && request.has('device_ids')) {
    const message = `\`count\` and \`device_ids\` exclude each other: give one of them.`
    const { reporter } = request.context
    reporter.report({ code: 'CONFLICTING_KEYS', path: `${request.path}.count`, message })
  }
  const toCount = (text: string) => {
    if (text === 'all' || text === '-1') return 'all'
    return /^\d{1,9}$/.test(text) ? Number(text) : null
  }
  return {
    driver: request.text('driver'),
    count: request.parsed<number | 'all'>('count', toCount, 'it must be a number, or `all`'),
    deviceIds: request.texts('device_ids'),
    capabilities: request.texts('capabilities'),
    options: request.textMap('options'),
  }
}

function securityOf(service: Reader): Security {
  return {
    privileged: service.boolean('privileged') ?? false,
    capAdd: service.texts('cap_add'),
    capDrop: service.texts('cap_drop'),
    options: service.parsedTexts('security_opt', parseSecurityOption, 'it is written `name` or `name=value`'),
    readOnlyRoot: service.boolean('read_only') ?? false,
    deviceCgroupRules: service.texts('device_cgroup_rules'),
  }
}
