// Every path in a container has one thing mounted on it.
import type { ServiceSpec } from '../../system/spec.ts'
import { keyPath } from '../path.ts'
import type { CheckInput } from './check.ts'

/** Reference loader: no two of `volumes`, `tmpfs`, `configs` and `secrets` have one target. */
export function checkMounts({ spec, reporter }: CheckInput): void {
  for (const [name, service] of Object.entries(spec.services)) {
    const { mounts, tmpfs, configs, secrets } = service
    if (mounts.length + tmpfs.length + configs.length + secrets.length < 2) continue
    const holders = new Map<string, string>()
    for (const [key, target] of targetsOf(service)) {
      const holder = holders.get(target)
      if (holder === undefined) {
        holders.set(target, key)
        continue
      }
      const message = `\`${target}\` is taken by \`${holder}\` already: choose another target.`
      reporter.report({ code: 'DUPLICATE_MOUNT', path: `${keyPath('services', name)}.${key}`, message })
    }
  }
}

/** Keys and paths; files have their usual folders where they name none (specification, "configs", "secrets"). */
function targetsOf({ mounts, tmpfs, configs, secrets }: ServiceSpec): [key: string, target: string][] {
  return [
    ...tmpfs.map(({ target }, index): [string, string] => [`tmpfs[${index}]`, target]),
    ...mounts.map(({ target }, index): [string, string] => [`volumes[${index}]`, target]),
    ...configs.map(({ source, target }, index): [string, string] => [
      `configs[${index}]`,
      inFolder('/', target ?? source),
    ]),
    ...secrets.map(({ source, target }, index): [string, string] => [
      `secrets[${index}]`,
      inFolder('/run/secrets/', target ?? source),
    ]),
  ]
}

function inFolder(folder: string, target: string): string {
  return target.startsWith('/') ? target : `${folder}${target}`
}
