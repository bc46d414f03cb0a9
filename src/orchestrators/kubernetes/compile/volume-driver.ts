// `volumes.<name>.driver` and its options: what Docker's own driver `local` hands to mount(8), as far as a pod has it.
import type { V1NFSVolumeSource } from '@kubernetes/client-node'
import type { VolumeSpec } from '../../../system/mounts.ts'

export type VolumeDriver =
  | { kind: 'claim' }
  | { kind: 'nfs'; source: V1NFSVolumeSource }
  | { kind: 'memory'; sizeBytes: number | null }
  /** A folder of the machine. */
  | { kind: 'host'; path: string }
  | { kind: 'unknown' }

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }

/** https://docs.docker.com/reference/cli/docker/volume/create/#opt */
export function driverOf({ driver, driverOptions }: VolumeSpec): VolumeDriver {
  if (driver !== null && driver !== 'local') return { kind: 'unknown' }
  if (Object.keys(driverOptions).length === 0) return { kind: 'claim' }
  const { type = '', device = '', o = '' } = driverOptions
  const options = o.split(',').filter((option) => option !== '')
  switch (type) {
    case 'nfs':
    case 'nfs4':
      return toNfs(device, options)
    case 'tmpfs':
      return { kind: 'memory', sizeBytes: toBytes(valueIn(options, 'size')) }
    default:
      return options.includes('bind') && device.startsWith('/')
        ? { kind: 'host', path: device }
        : { kind: 'unknown' }
  }
}

/** The device is `:/path` with the server in the options, or `server:/path`. */
function toNfs(device: string, options: string[]): VolumeDriver {
  const colon = device.indexOf(':')
  const server = device.slice(0, Math.max(0, colon)) || valueIn(options, 'addr')
  const path = device.slice(colon + 1)
  if (!server || !path.startsWith('/')) return { kind: 'unknown' }
  return { kind: 'nfs', source: { server, path, ...(options.includes('ro') && { readOnly: true }) } }
}

function valueIn(options: string[], name: string): string | undefined {
  return options.find((option) => option.startsWith(`${name}=`))?.slice(name.length + 1)
}

function toBytes(size: string | undefined): number | null {
  const match = /^(\d+)([kmg]?)$/i.exec(size ?? '')
  return match ? Number(match[1]) * (UNITS[(match[2] ?? '').toLowerCase()] ?? 1) : null
}
