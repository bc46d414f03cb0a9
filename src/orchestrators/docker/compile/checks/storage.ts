// What can't be mounted on an engine, or is mounted in another way.
import type { Problem } from '../../../../problem.ts'
import type { BindMount, Mount, VolumeSpec } from '../../../../system/mounts.ts'
import type { ServiceSpec } from '../../../../system/spec.ts'
import { isHostPath, permissionOf } from '../../../shared/policy.ts'
import { speaks } from '../../facts.ts'
import type { Context } from '../context.ts'
import { remark } from '../dispositions.ts'
import { isReserved } from '../manifest.ts'
import { hasQuotas } from '../resources.ts'
import { toFoundName, toVolumeName } from '../volumes.ts'

/** From here on a part of a volume can be mounted (API 1.45), and an image (API 1.48). */
const SUBPATH_MINOR = 45
const IMAGE_MINOR = 48
/** From here on what is mounted below a bind mount has a treatment of its own. */
const RECURSIVE_MINOR = 44

/** File systems whose device is none of the machine's. */
const REMOTE = ['nfs', 'nfs4', 'cifs', 'tmpfs']

export function checkVolumes(context: Context): Problem[] {
  return Object.entries(context.spec.volumes).flatMap(([key, volume]) =>
    volume.external ? checkExternal(key, context) : checkMade(`volumes.${key}`, volume, context),
  )
}

function checkExternal(key: string, context: Context): Problem[] {
  const message = `The volume \`${toVolumeName(key, context)}\` must be on the engine already: it is neither made nor deleted.`
  return [remark('VOLUME_NOT_MADE', `volumes.${key}.external`, message)]
}

function checkMade(path: string, volume: VolumeSpec, { policy, facts }: Context): Problem[] {
  const { driver, driverOptions, labels } = volume
  const problems: Problem[] = []
  if (driver !== null && !facts.volumeDrivers.includes(driver)) {
    const message = `The engine has no volume driver \`${driver}\`, only ${facts.volumeDrivers.join(', ')}: leave it out.`
    problems.push(remark('NOT_ON_DOCKER', `${path}.driver`, message))
  }
  if (reachesMachine(driverOptions) && !policy.allow.includes('host_path')) {
    const message =
      'A folder or device of the machine is given here, which the operator does not allow: leave it out.'
    problems.push(remark('NOT_ALLOWED', `${path}.driver_opts`, message))
  }
  for (const label of Object.keys(labels).filter(isReserved))
    problems.push(
      remark('LABEL_IGNORED', `${path}.labels.${label}`, `\`${label}\` is Tycho's own: it is left out.`),
    )
  return problems
}

/** The driver `local` hands them to mount(8). */
export function reachesMachine({ type, device = '', o = '' }: Record<string, string>): boolean {
  if (type === undefined && device === '' && o === '') return false
  return (
    device.startsWith('/') ||
    o.split(',').some((option) => /^r?bind$/.test(option)) ||
    !REMOTE.includes(type ?? '')
  )
}

export function checkMounts(name: string, service: ServiceSpec, context: Context): Problem[] {
  const path = `services.${name}`
  return [
    ...service.mounts.flatMap((mount, at) => [
      ...checkMount(`${path}.volumes[${at}]`, mount, context),
      ...checkConsistency(`${path}.volumes[${at}]`, mount),
    ]),
    ...service.mountsFrom.flatMap(({ from, name: other }) =>
      from === 'container' ? [notHere(`${path}.volumes_from`, other)] : [],
    ),
    ...checkQuota(path, service, context),
    ...checkSteps(path, service),
  ]
}

function notHere(path: string, container: string): Problem {
  const message = `The container \`${container}\` is no part of the system, so its volumes are not either: name a service.`
  return remark('NOT_ON_DOCKER', path, message)
}

function checkMount(path: string, mount: Mount, context: Context): Problem[] {
  switch (mount.type) {
    case 'tmpfs':
      return []
    case 'volume':
      return [
        ...(mount.volume === null ? [anonymous(path, mount.target)] : []),
        ...checkSubpath(path, mount.subpath, context),
      ]
    case 'claim': {
      const message = `The volume \`${toFoundName(mount.claim, context)}\` must be on the engine already: it is neither made nor deleted.`
      return [remark('VOLUME_NOT_MADE', path, message), ...checkSubpath(path, mount.subpath, context)]
    }
    case 'bind':
      return checkBind(path, mount, context)
    case 'image':
      return speaks(context.facts, IMAGE_MINOR)
        ? []
        : [tooOld(path, `A volume from the image \`${mount.image}\``, IMAGE_MINOR)]
    case 'npipe':
    case 'cluster': {
      const message = `An engine has no mounts of type \`${mount.type}\` here: use a volume.`
      return [remark('NOT_ON_DOCKER', path, message)]
    }
    default:
      return mount satisfies never
  }
}

export function anonymous(path: string, target: string): Problem {
  const message = `What is written to \`${target}\` goes when its container goes: name a volume for what must stay.`
  return remark('ANONYMOUS_VOLUME', path, message)
}

export function checkSubpath(path: string, subpath: string | null, { facts }: Context): Problem[] {
  if (subpath === null || speaks(facts, SUBPATH_MINOR)) return []
  return [tooOld(path, `A part of a volume (\`${subpath}\`)`, SUBPATH_MINOR)]
}

function tooOld(path: string, what: string, minor: number): Problem {
  return remark('NOT_ON_DOCKER', path, `${what} needs an engine of API 1.${minor}: mount the whole volume.`)
}

export function checkBind(path: string, mount: BindMount, { spec, policy, facts }: Context): Problem[] {
  const { source, readOnly, target, recursive } = mount
  if (spec.files[source]) {
    if (readOnly) return []
    const message = `\`${target}\` holds copies of the files that came with the request: what is written there does not come back.`
    return [remark('FILES_ARE_COPIES', path, message)]
  }
  if (!isHostPath(source)) {
    const message = `\`${source}\` did not come with the request, and the engine does not read it from your machine: send it along, or use a volume.`
    return [remark('FILE_NOT_SENT', path, message)]
  }
  const permission = permissionOf(source)
  if (!source.startsWith('/') || !policy.allow.includes(permission)) {
    const what = permission === 'docker_socket' ? "is the engine's socket" : 'is a path of the machine'
    const message = `\`${source}\` ${what}, which the operator does not allow: use a volume.`
    return [remark('NOT_ALLOWED', path, message)]
  }
  const isNewer = recursive === 'writable' || recursive === 'readonly'
  return isNewer && !speaks(facts, RECURSIVE_MINOR)
    ? [tooOld(path, `\`bind.recursive: ${recursive}\``, RECURSIVE_MINOR)]
    : []
}

export function checkConsistency(path: string, { consistency }: Mount): Problem[] {
  if (consistency === null) return []
  const message = '`consistency` has no effect: files are the same for all here.'
  return [remark('NO_EFFECT', `${path}.consistency`, message)]
}

function checkQuota(path: string, { storageOptions }: ServiceSpec, context: Context): Problem[] {
  if (Object.keys(storageOptions).length === 0 || hasQuotas(context)) return []
  const { storageDriver, backingFilesystem } = context.facts
  const message = `The engine's storage (${storageDriver} on ${backingFilesystem ?? 'an unknown file system'}) holds no container to a size: \`storage_opt\` is not applied.`
  return [remark('NOT_APPLIED', `${path}.storage_opt`, message)]
}

/** What is of one container alone is not the next one's. */
function checkSteps(path: string, { hooks, mounts, tmpfs }: ServiceSpec): Problem[] {
  const isOwn = (mount: Mount) => mount.type === 'tmpfs' || (mount.type === 'volume' && mount.volume === null)
  if (hooks.preStart.length === 0 || ![...mounts, ...tmpfs].some(isOwn)) return []
  const message =
    'What runs before the service has memory and volumes without a name of its own: what it writes there is lost. Name a volume.'
  return [remark('PRE_START_APART', `${path}.pre_start`, message)]
}
