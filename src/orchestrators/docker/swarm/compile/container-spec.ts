// What each task of a service runs: `TaskTemplate.ContainerSpec` (Docker Engine API v1.41, ServiceCreate).

import type { Mount, VolumeMount } from '../../../../system/mounts.ts'
import { mountsOf } from '../../../../system/mounts-of.ts'
import type { ServiceSpec } from '../../../../system/spec.ts'
import { toProtection } from '../../../shared/protections.ts'
import type { Context } from '../../compile/context.ts'
import { toLastingLabels, withOwnLabels } from '../../compile/manifest.ts'
import { toEnvironment, toHealthcheck, toUser } from '../../compile/process.ts'
import { listOrNothing, recordOrNothing, toUlimits } from '../../compile/resources.ts'
import { toCapability } from '../../compile/rights.ts'
import { toFoundName, toVolumeName } from '../../compile/volumes.ts'
import { speaks } from '../../facts.ts'

const NS_PER_MS = 1_000_000
const GRACE_MS = 10_000

/** From here on a service has options of a tmpfs (API 1.46), and profiles of its protections (API 1.44). */
export const TMPFS_OPTIONS_MINOR = 46
export const PROFILES_MINOR = 44

/** `labels`: of each container. */
export function toContainerSpec(service: ServiceSpec, labels: Record<string, string>, context: Context) {
  const { dns, extraHosts } = service
  return {
    Image: service.image,
    Labels: labels,
    ...toCommand(service),
    Hostname: service.hostname ?? undefined,
    Env: toEnvironment(service.environment),
    Dir: service.workingDir ?? undefined,
    User: toUser(service),
    Groups: listOrNothing(service.groupAdd),
    TTY: service.tty || undefined,
    OpenStdin: service.stdinOpen || undefined,
    ReadOnly: service.security.readOnlyRoot || undefined,
    Init: service.init ?? undefined,
    StopSignal: service.stopSignal ?? undefined,
    StopGracePeriod: (service.stopGracePeriodMs ?? GRACE_MS) * NS_PER_MS,
    HealthCheck: service.healthcheckOff
      ? { Test: ['NONE'] }
      : toHealthcheck(service.healthcheck, context.facts),
    // As a hosts file has them: the address first.
    Hosts: listOrNothing(
      Object.entries(extraHosts).flatMap(([host, addresses]) =>
        addresses.map((address) => `${address} ${host}`),
      ),
    ),
    DNSConfig: toDns(dns),
    Sysctls: recordOrNothing(service.sysctls),
    Ulimits: listOrNothing(toUlimits(service.ulimits)),
    CapabilityAdd: listOrNothing(service.security.capAdd.map((name) => `CAP_${toCapability(name)}`)),
    CapabilityDrop: listOrNothing(service.security.capDrop.map(toDropped)),
    Privileges: toPrivileges(service, context),
    Mounts: listOrNothing(toMounts(service, context)),
  }
}

/** A cleared entrypoint makes the command's first word the program. */
function toCommand({ command, entrypoint }: ServiceSpec) {
  if (entrypoint?.length === 0) return { Command: command ?? undefined }
  return { Command: entrypoint ?? undefined, Args: command ?? undefined }
}

/** `ALL` is no capability of its own. */
function toDropped(name: string): string {
  const capability = toCapability(name)
  return capability === 'ALL' ? capability : `CAP_${capability}`
}

function toDns({ servers, search, options }: ServiceSpec['dns']) {
  if (servers.length + search.length + options.length === 0) return undefined
  return {
    Nameservers: listOrNothing(servers),
    Search: listOrNothing(search),
    Options: listOrNothing(options),
  }
}

function toPrivileges({ security }: ServiceSpec, { facts }: Context) {
  const protections = security.options.flatMap((option) => toProtection(option) ?? [])
  if (protections.length === 0) return undefined
  const labels = protections.flatMap((one) =>
    one.of === 'selinux' ? [[upperFirst(one.key), one.value]] : [],
  )
  const profiles = protections.flatMap((one): [string, object][] => {
    if (one.of === 'seccomp' && one.profile.type === 'Unconfined')
      return [['Seccomp', { Mode: 'unconfined' }]]
    if (one.of === 'apparmor' && one.profile.type === 'Unconfined')
      return [['AppArmor', { Mode: 'disabled' }]]
    return one.of === 'privileges' && !one.mayGrow ? [['NoNewPrivileges', true as unknown as object]] : []
  })
  return {
    SELinuxContext: labels.length > 0 ? Object.fromEntries(labels) : undefined,
    ...(speaks(facts, PROFILES_MINOR) && Object.fromEntries(profiles)),
  }
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** With shared memory as what it is, a mount. Files of the request are configs. */
function toMounts(service: ServiceSpec, context: Context): object[] {
  const { shmSizeBytes } = service
  const shm =
    shmSizeBytes === null
      ? []
      : [{ Type: 'tmpfs', Target: '/dev/shm', TmpfsOptions: { SizeBytes: shmSizeBytes } }]
  return [...mountsOf(service, context.spec).flatMap((mount) => toMount(mount, context) ?? []), ...shm]
}

function toMount(mount: Mount, context: Context): object | null {
  const at = { Target: mount.target, ReadOnly: mount.readOnly || undefined }
  switch (mount.type) {
    case 'volume':
      return { Type: 'volume', ...at, ...toVolume(mount, context) }
    case 'claim':
      return { Type: 'volume', ...at, Source: toFoundName(mount.claim, context) }
    case 'bind':
      if (context.spec.files[mount.source]) return null
      return {
        Type: 'bind',
        ...at,
        Source: mount.source,
        BindOptions: mount.propagation === null ? undefined : { Propagation: mount.propagation },
      }
    case 'tmpfs':
      return {
        Type: 'tmpfs',
        ...at,
        TmpfsOptions: {
          SizeBytes: mount.sizeBytes ?? undefined,
          Mode: mount.mode ?? undefined,
          Options: speaks(context.facts, TMPFS_OPTIONS_MINOR)
            ? listOrNothing(mount.options.map((option) => option.split('=')))
            : undefined,
        },
      }
    case 'image':
    case 'npipe':
    case 'cluster':
      return null
    default:
      return mount satisfies never
  }
}

/** Each node makes the volume when a task first needs it there, with the labels by which it is the system's. */
function toVolume({ volume, noCopy, subpath, labels }: VolumeMount, context: Context) {
  const described = volume === null ? null : (context.spec.volumes[volume] ?? null)
  const isMade = volume !== null && !described?.external
  const own = toLastingLabels(context.identity)
  return {
    Source: volume === null ? undefined : toVolumeName(volume, context),
    VolumeOptions: {
      NoCopy: noCopy || undefined,
      Subpath: subpath ?? undefined,
      Labels: isMade ? withOwnLabels({ ...described?.labels, ...labels }, own) : recordOrNothing(labels),
      DriverConfig:
        isMade && described && (described.driver !== null || Object.keys(described.driverOptions).length > 0)
          ? { Name: described.driver ?? 'local', Options: recordOrNothing(described.driverOptions) }
          : undefined,
    },
  }
}
