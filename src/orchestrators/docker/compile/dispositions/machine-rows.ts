// What a service may do and use on the machine.
import { becomes, notApplied } from './row.ts'

const POLICY = { NOT_ALLOWED: 'policy' } as const
const NAMESPACE = { ...POLICY, NOT_ON_DOCKER: 'error' } as const
const WINDOWS = 'is of Windows containers only'

export const MACHINE_ROWS = {
  'services.*.cpus': becomes('NanoCpus', {}),
  'services.*.mem_limit': becomes('Memory', {}),
  'services.*.mem_reservation': becomes('MemoryReservation', {}),
  'services.*.pids_limit': becomes('PidsLimit', {}),
  'services.*.cpu_shares': becomes('CpuShares', {}),
  'services.*.cpu_quota': becomes('CpuQuota', {}),
  'services.*.cpu_period': becomes('CpuPeriod', {}),
  'services.*.cpu_count': notApplied('cpu_count', WINDOWS, ({ cpu }) => cpu.count),
  'services.*.cpu_percent': notApplied('cpu_percent', WINDOWS, ({ cpu }) => cpu.percent),
  'services.*.cpu_rt_period': becomes('CpuRealtimePeriod', POLICY),
  'services.*.cpu_rt_runtime': becomes('CpuRealtimeRuntime', POLICY),
  'services.*.cpuset': becomes('CpusetCpus', {}),
  'services.*.memswap_limit': becomes('MemorySwap', {}),
  'services.*.mem_swappiness': becomes('MemorySwappiness', {}),
  'services.*.oom_kill_disable': becomes('OomKillDisable', POLICY),
  'services.*.oom_score_adj': becomes('OomScoreAdj', POLICY),
  'services.*.blkio_config': becomes('BlkioWeight, BlkioDeviceReadBps and their like', {}),
  'services.*.ulimits': becomes('Ulimits', {}),
  'services.*.cgroup_parent': becomes('CgroupParent', POLICY),
  'services.*.cgroup': becomes('CgroupnsMode', NAMESPACE),
  'services.*.device_cgroup_rules': becomes('DeviceCgroupRules', POLICY),
  'services.*.sysctls': becomes('Sysctls', POLICY),
  'services.*.devices': becomes('Devices, and DeviceRequests for CDI names', POLICY),
  'services.*.gpus': becomes('DeviceRequests', {}),
  'services.*.privileged': becomes('Privileged', POLICY),
  'services.*.cap_add': becomes('CapAdd', POLICY),
  'services.*.cap_drop': becomes('CapDrop', {}),
  'services.*.security_opt': becomes('SecurityOpt', { ...NAMESPACE, PROFILE_OF_MACHINE: 'map+warn' }),
  'services.*.read_only': becomes('ReadonlyRootfs', {}),
  'services.*.ipc': becomes('IpcMode', NAMESPACE),
  'services.*.pid': becomes('PidMode', NAMESPACE),
  'services.*.uts': becomes('UTSMode', NAMESPACE),
  'services.*.userns_mode': becomes('UsernsMode', NAMESPACE),
} as const
