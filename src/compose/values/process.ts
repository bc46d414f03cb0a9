// Small texts about a process: its user, platform, namespace, pull policy, security options.
import type { Namespace } from '../../system/networks.ts'
import type { Platform, PullPolicy, SecurityOption, User } from '../../system/process.ts'
import { parseDurationMs } from './duration.ts'

/** `user`, `user:group`; null for an empty one. */
export function parseUser(text: string): User | null {
  const [user = '', group, ...rest] = text.split(':')
  if (user === '' || group === '' || rest.length > 0) return null
  return { user, group: group ?? null }
}

/** `linux`, `linux/arm64`, `linux/arm/v7` (specification, "platform"). */
export function parsePlatform(text: string): Platform | null {
  const match = /^([a-z0-9_.-]+)(?:\/([a-z0-9_.-]+))?(?:\/([a-z0-9_.-]+))?$/i.exec(text)
  if (!match) return null
  const [, os = null, architecture = null, variant = null] = match
  return { os, architecture, variant }
}

/** Specification, "pull_policy". */
export function parsePullPolicy(text: string): PullPolicy | null {
  switch (text) {
    case 'always':
    case 'never':
    case 'missing':
    case 'build':
      return { when: text }
    case 'if_not_present':
      return { when: 'missing' }
    case 'refresh':
      return { when: 'refresh', everyMs: null }
    case 'daily':
      return { when: 'refresh', everyMs: parseDurationMs('1d') }
    case 'weekly':
      return { when: 'refresh', everyMs: parseDurationMs('1w') }
    default: {
      const everyMs = text.startsWith('every_') ? parseDurationMs(text.slice('every_'.length)) : null
      return everyMs === null ? null : { when: 'refresh', everyMs }
    }
  }
}

/** `host`, `none`, `service:x`, `container:x` and the words for one's own namespace; null for an empty text. */
export function parseNamespace(text: string): Namespace | null {
  const [kind = '', ...rest] = text.split(':')
  const name = rest.join(':')
  switch (kind) {
    case '':
      return null
    case 'service':
      return name === '' ? null : { kind: 'service', service: name }
    case 'container':
      return name === '' ? null : { kind: 'container', container: name }
    case 'host':
    case 'none':
    case 'shareable':
      return { kind }
    case 'private':
    case 'bridge':
    case 'default':
      return { kind: 'own' }
    default:
      return { kind: 'other', name: text }
  }
}

/** `no-new-privileges`, `seccomp=unconfined`, `label:user:x`. */
export function parseSecurityOption(text: string): SecurityOption | null {
  const match = /^([a-z-]+)(?:[=:](.*))?$/s.exec(text)
  return match?.[1] === undefined ? null : { name: match[1], value: match[2] ?? null }
}
