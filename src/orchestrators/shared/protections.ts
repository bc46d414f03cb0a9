// `security_opt`: the protections of the kernel that a container runs under, as Docker writes them
// (https://docs.docker.com/reference/cli/docker/container/run/#security-opt).
import type { SecurityOption } from '../../system/process.ts'

export type Profile =
  | { type: 'RuntimeDefault' | 'Unconfined' }
  /** A profile that lies where the container runs. */
  | { type: 'Localhost'; localhostProfile: string }

type SeLinuxKey = 'user' | 'role' | 'type' | 'level'

export type Protection =
  | { of: 'privileges'; mayGrow: boolean }
  | { of: 'seccomp' | 'apparmor'; profile: Profile }
  | { of: 'selinux'; key: SeLinuxKey; value: string }
  | { of: 'paths' }

const SELINUX_KEYS: readonly string[] = ['user', 'role', 'type', 'level'] satisfies SeLinuxKey[]

/** SELinux' type of a process that it lets do everything. */
const UNLABELED = 'spc_t'

/** Null for an option that is none of these. */
export function toProtection({ name, value }: SecurityOption): Protection | null {
  switch (name) {
    case 'no-new-privileges':
      return { of: 'privileges', mayGrow: value === 'false' }
    case 'seccomp':
      return toProfileOf('seccomp', value, 'builtin')
    case 'apparmor':
      return toProfileOf('apparmor', value, 'docker-default')
    case 'label':
      return toLabel(value)
    case 'systempaths':
      return value === 'unconfined' ? { of: 'paths' } : null
    default:
      return null
  }
}

/** `usual`: Docker's name of its own profile. A file of a profile stands below the folder that they have on the machine. */
function toProfileOf(of: 'seccomp' | 'apparmor', value: string | null, usual: string): Protection | null {
  if (!value) return null
  if (value === 'unconfined') return { of, profile: { type: 'Unconfined' } }
  if (value === usual) return { of, profile: { type: 'RuntimeDefault' } }
  if (value.startsWith('/') || value.split('/').includes('..')) return null
  return { of, profile: { type: 'Localhost', localhostProfile: value } }
}

function toLabel(value: string | null): Protection | null {
  if (value === 'disable') return { of: 'selinux', key: 'type', value: UNLABELED }
  const [key = '', ...rest] = (value ?? '').split(':')
  const text = rest.join(':')
  return SELINUX_KEYS.includes(key) && text !== ''
    ? { of: 'selinux', key: key as SeLinuxKey, value: text }
    : null
}

/** A protection that is switched off, or chosen freely: what pod security `baseline` rules out too. */
export function isLoose(protection: Protection): boolean {
  switch (protection.of) {
    case 'privileges':
      return false
    case 'seccomp':
    case 'apparmor':
      return protection.profile.type === 'Unconfined'
    case 'selinux':
      return protection.key !== 'level'
    case 'paths':
      return true
    default:
      return protection satisfies never
  }
}

/** As it is written. */
export function textOf({ name, value }: SecurityOption): string {
  return value === null ? name : `${name}=${value}`
}
