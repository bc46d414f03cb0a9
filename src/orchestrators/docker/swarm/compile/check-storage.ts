// Files, volumes and networks that a swarm keeps otherwise than one engine, or not at all.
import type { Problem } from '../../../../problem.ts'
import { contentOf } from '../../../../system/file-targets.ts'
import type { FileContent, FileSpec } from '../../../../system/files.ts'
import type { BindMount, Mount, TmpfsMount } from '../../../../system/mounts.ts'
import type { NetworkSpec } from '../../../../system/networks.ts'
import type { ServiceSpec } from '../../../../system/spec.ts'
import { checkAddresses } from '../../compile/checks/networks.ts'
import { anonymous, checkConsistency, checkSubpath } from '../../compile/checks/storage.ts'
import type { Context } from '../../compile/context.ts'
import { isReserved } from '../../compile/manifest.ts'
import { toNetworkName } from '../../compile/networks.ts'
import { toFoundName } from '../../compile/volumes.ts'
import { speaks } from '../../facts.ts'
import { checkHostPath } from './checks.ts'
import { TMPFS_OPTIONS_MINOR } from './container-spec.ts'
import { remark } from './dispositions.ts'

/** Of one config and of one secret (swarmkit, `MaxConfigSize` and `MaxSecretSize`). */
const LIMIT_BYTES = { configs: 1000 * 1024, secrets: 500 * 1024 }

export function checkNetworks(context: Context): Problem[] {
  return Object.entries(context.spec.networks).flatMap(([key, network]) => {
    const path = `networks.${key}`
    if (network.external) {
      const message = `The network \`${toNetworkName(key, context)}\` must be on the swarm already: it is neither made nor deleted.`
      return [remark('NETWORK_NOT_MADE', `${path}.external`, message)]
    }
    return [
      ...checkDriver(path, network.driver),
      ...checkAddresses(path, network),
      ...checkRest(path, network),
    ]
  })
}

function checkDriver(path: string, driver: string | null): Problem[] {
  if (driver === null || driver === 'overlay' || driver === 'default') return []
  if (driver === 'bridge') {
    const message = 'A bridge reaches no further than its node: the network is an overlay.'
    return [remark('BRIDGE_AS_OVERLAY', `${path}.driver`, message)]
  }
  const message = `A swarm has no driver \`${driver}\` for networks of systems: leave it out.`
  return [remark('NOT_ON_SWARM', `${path}.driver`, message)]
}

function checkRest(path: string, { attachable, ipv4, labels }: NetworkSpec): Problem[] {
  const problems = Object.keys(labels)
    .filter(isReserved)
    .map((label) =>
      remark('LABEL_IGNORED', `${path}.labels.${label}`, `\`${label}\` is Tycho's own: it is left out.`),
    )
  if (attachable) {
    const message = '`attachable` has no effect: only the tasks of the system join its networks.'
    problems.push(remark('NO_EFFECT', `${path}.attachable`, message))
  }
  if (ipv4 === false) {
    const message = 'A network has addresses of IPv4 here, so `enable_ipv4: false` is not applied.'
    problems.push(remark('NOT_APPLIED', `${path}.enable_ipv4`, message))
  }
  return problems
}

export function checkFiles({ spec }: Context): Problem[] {
  return (['configs', 'secrets'] as const).flatMap((section) =>
    Object.entries(spec[section]).flatMap(([name, file]) => checkFile(section, name, file, spec.files)),
  )
}

function checkFile(
  section: 'configs' | 'secrets',
  name: string,
  file: FileSpec,
  files: Context['spec']['files'],
): Problem[] {
  const path = `${section}.${name}`
  const { source, templateDriver } = file
  if (source.kind === 'external') {
    const message = `\`${file.name ?? name}\` must be on the swarm already: it is neither made nor deleted.`
    return [remark('EXTERNAL_FILE', path, message)]
  }
  if (templateDriver !== null || source.kind === 'driver') {
    const message = `The content of \`${name}\` is given by no driver here: give a file or a variable.`
    return [
      remark('NOT_ON_SWARM', `${path}.${templateDriver === null ? 'driver' : 'template_driver'}`, message),
    ]
  }
  const content = contentOf(file, files)
  if (content !== null) return checkSize(path, name, content, LIMIT_BYTES[section])
  if (source.kind === 'file') {
    const message = `The file \`${source.path}\` did not come with the request: send it along.`
    return [remark('FILE_NOT_SENT', `${path}.file`, message)]
  }
  const message = `The request has no variable of this name: set it, or give \`${name}\` another source.`
  return [remark('VARIABLE_NOT_SET', `${path}.environment`, message)]
}

function checkSize(path: string, what: string, content: FileContent, limit: number): Problem[] {
  const bytes =
    typeof content === 'string' ? Buffer.byteLength(content) : Buffer.byteLength(content.base64, 'base64')
  if (bytes <= limit) return []
  const message = `\`${what}\` has ${bytes} bytes, and a swarm takes ${limit} in one object: put it into the image or a volume.`
  return [remark('OBJECT_TOO_LARGE', path, message)]
}

export function checkMounts(name: string, service: ServiceSpec, context: Context): Problem[] {
  const path = `services.${name}`
  return [
    ...service.mounts.flatMap((mount, at) => [
      ...checkMount(`${path}.volumes[${at}]`, mount, context),
      ...checkConsistency(`${path}.volumes[${at}]`, mount),
    ]),
    ...service.tmpfs.flatMap((mount, at) => checkTmpfs(`${path}.tmpfs[${at}]`, mount, context)),
    ...service.mountsFrom.flatMap(({ from, name: other }) => checkMountsFrom(path, from, other, context)),
  ]
}

function checkMount(path: string, mount: Mount, context: Context): Problem[] {
  switch (mount.type) {
    case 'tmpfs':
      return checkTmpfs(path, mount, context)
    case 'volume':
      return [
        ...(mount.volume === null ? [anonymous(path, mount.target)] : []),
        ...checkSubpath(path, mount.subpath, context),
      ]
    case 'claim': {
      const message = `The volume \`${toFoundName(mount.claim, context)}\` must be on the nodes already: it is neither made nor deleted.`
      return [remark('VOLUME_NOT_MADE', path, message)]
    }
    case 'bind':
      return context.spec.files[mount.source]
        ? checkSent(path, mount, context)
        : checkHostPath(path, mount.source, context)
    case 'image':
    case 'npipe':
    case 'cluster': {
      const message = `A swarm has no mounts of type \`${mount.type}\` here: use a volume.`
      return [remark('NOT_ON_SWARM', path, message)]
    }
    default:
      return mount satisfies never
  }
}

function checkSent(path: string, { source, target, readOnly }: BindMount, { spec }: Context): Problem[] {
  const sizes = Object.values(spec.files[source] ?? {}).flatMap((content) =>
    checkSize(path, target, content, LIMIT_BYTES.configs),
  )
  if (readOnly) return sizes
  const message = `\`${target}\` can't be written to: it holds the files that came with the request. Mount it with \`:ro\`.`
  return [...sizes, remark('FILES_READ_ONLY', path, message)]
}

function checkTmpfs(path: string, { options }: TmpfsMount, { facts }: Context): Problem[] {
  if (options.length === 0 || speaks(facts, TMPFS_OPTIONS_MINOR)) return []
  const message = `\`${options.join(',')}\` needs an engine of API 1.${TMPFS_OPTIONS_MINOR}: it is not applied.`
  return [remark('NOT_APPLIED', path, message)]
}

function checkMountsFrom(
  path: string,
  from: 'service' | 'container',
  name: string,
  { spec }: Context,
): Problem[] {
  if (from === 'container') {
    const message = `A swarm has no container \`${name}\` to take volumes from: name a service.`
    return [remark('NOT_ON_SWARM', `${path}.volumes_from`, message)]
  }
  const others = [...(spec.services[name]?.mounts ?? []), ...(spec.services[name]?.tmpfs ?? [])]
  if (!others.some((mount) => mount.type === 'tmpfs' || (mount.type === 'volume' && mount.volume === null)))
    return []
  const message = `Volumes of \`${name}\` without a name are not shared: this service gets its own, empty ones. Name them.`
  return [remark('VOLUME_NOT_SHARED', `${path}.volumes_from`, message)]
}
