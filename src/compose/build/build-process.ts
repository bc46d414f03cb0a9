// The process of a service in the model: who runs it, where, and what happens around it.
import type { CredentialSpec, Hook, Hooks, Logging, PullPolicy } from '../../system/process.ts'
import type { ServiceSpec } from '../../system/spec.ts'
import { child, toPlain } from '../node.ts'
import { parsePlatform, parsePullPolicy, parseUser } from '../values/process.ts'
import type { Reader } from './reader.ts'

type Process = Pick<
  ServiceSpec,
  | 'platform'
  | 'pullPolicy'
  | 'command'
  | 'entrypoint'
  | 'workingDir'
  | 'user'
  | 'groupAdd'
  | 'environment'
  | 'init'
  | 'tty'
  | 'stdinOpen'
  | 'stopSignal'
  | 'stopGracePeriodMs'
  | 'hooks'
  | 'runtime'
  | 'isolation'
  | 'credentialSpec'
  | 'logging'
  | 'attach'
  | 'develop'
>

export function buildProcess(service: Reader): Process {
  return {
    platform: service.parsed('platform', parsePlatform, 'a platform is written `os/architecture`'),
    pullPolicy: pullPolicyOf(service),
    command: service.textsOrNull('command'),
    entrypoint: service.textsOrNull('entrypoint'),
    workingDir: service.text('working_dir'),
    user: service.parsed('user', parseUser, 'a user is written `user` or `user:group`'),
    groupAdd: service.texts('group_add'),
    environment: service.variables('environment'),
    init: service.boolean('init'),
    tty: service.boolean('tty') ?? false,
    stdinOpen: service.boolean('stdin_open') ?? false,
    stopSignal: service.text('stop_signal'),
    stopGracePeriodMs: service.durationMs('stop_grace_period'),
    hooks: hooksOf(service),
    runtime: service.text('runtime'),
    isolation: service.text('isolation'),
    credentialSpec: credentialSpecOf(service),
    logging: loggingOf(service),
    attach: service.boolean('attach'),
    develop: developOf(service),
  }
}

function pullPolicyOf(service: Reader): PullPolicy | null {
  const rule = 'it must be `always`, `never`, `missing`, `build`, `refresh`, `daily`, `weekly` or `every_12h`'
  const policy = service.parsed('pull_policy', parsePullPolicy, rule)
  const everyMs = service.durationMs('pull_refresh_after')
  return policy?.when === 'refresh' && policy.everyMs === null ? { when: 'refresh', everyMs } : policy
}

function hooksOf(service: Reader): Hooks {
  return {
    preStart: service.list('pre_start', hookOf),
    postStart: service.list('post_start', neededHookOf),
    preStop: service.list('pre_stop', neededHookOf),
  }
}

function neededHookOf(hook: Reader): Hook {
  if (!hook.has('command')) hook.missing('command', 'give what it runs')
  return hookOf(hook)
}

function hookOf(hook: Reader): Hook {
  return {
    command: hook.textsOrNull('command'),
    image: hook.text('image'),
    user: hook.text('user'),
    privileged: hook.boolean('privileged') ?? false,
    workingDir: hook.text('working_dir'),
    environment: hook.variables('environment'),
    perReplica: hook.boolean('per_replica') ?? false,
  }
}

function credentialSpecOf(service: Reader): CredentialSpec | null {
  if (!service.has('credential_spec')) return null
  const spec = service.below('credential_spec')
  return { config: spec.text('config'), file: spec.text('file'), registry: spec.text('registry') }
}

function loggingOf(service: Reader): Logging | null {
  if (!service.has('logging')) return null
  const logging = service.below('logging')
  return { driver: logging.text('driver'), options: logging.textMap('options') }
}

const ACTIONS = ['rebuild', 'sync', 'restart', 'sync+restart', 'sync+exec'] as const

/** Its parts are checked, and it goes on as it is. */
function developOf(service: Reader): unknown {
  const node = child(service.map, 'develop')
  if (node?.kind !== 'map') return null
  for (const watch of service.below('develop').items('watch')) {
    if (!watch.has('path')) watch.missing('path', 'give what is watched')
    if (!watch.has('action')) watch.missing('action', 'say what happens then')
    const action = watch.oneOf('action', ACTIONS)
    if (action?.startsWith('sync') && !watch.has('target')) watch.missing('target', 'say where the files go')
    if (watch.has('exec') && !watch.below('exec').has('command'))
      watch.below('exec').missing('command', 'give what it runs')
  }
  return toPlain(node)
}
