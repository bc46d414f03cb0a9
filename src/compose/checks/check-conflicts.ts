// Keys of one service that exclude each other (reference loader).
import type { ServiceSpec } from '../../system/spec.ts'
import { keyPath } from '../path.ts'
import type { CheckInput } from './check.ts'

/** What is wrong, if it is; `key` is where it shows. */
type Conflict = { key: string; message: string; isThere(service: ServiceSpec): boolean }

const CONFLICTS: readonly Conflict[] = [
  {
    key: 'network_mode',
    message: '`network_mode` and `networks` exclude each other: give one of them',
    isThere: ({ namespaces, networks }) => namespaces.network !== null && Object.keys(networks).length > 0,
  },
  {
    key: 'container_name',
    message: 'Several copies of a service have no one `container_name`: remove it, or run one copy',
    isThere: ({ containerName, replicas }) => containerName !== null && replicas > 1,
  },
  {
    key: 'platform',
    message: '`build.platforms` does not list the `platform` that is to run: add it there',
    isThere: ({ platform, build }) => {
      if (!platform || !build || build.platforms.length === 0) return false
      const parts = [platform.os, platform.architecture, platform.variant]
      return !build.platforms.includes(parts.filter((part) => part !== null).join('/'))
    },
  },
]

export function checkConflicts({ spec, reporter }: CheckInput): void {
  for (const [name, service] of Object.entries(spec.services)) {
    for (const { key, message, isThere } of CONFLICTS) {
      if (!isThere(service)) continue
      const path = `${keyPath('services', name)}.${key}`
      reporter.report({ code: 'CONFLICTING_KEYS', path, message: `${message}.` })
    }
  }
}
