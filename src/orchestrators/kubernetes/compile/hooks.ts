// `post_start` and `pre_stop`: what the kubelet runs in the container after its start and before its end.
import type { V1Lifecycle } from '@kubernetes/client-node'
import type { Problem } from '../../../problem.ts'
import type { Hook } from '../../../system/process.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Context } from './context.ts'
import { remark } from './dispositions.ts'
import { toKillLine, toStopLifecycle } from './stop.ts'

/** Undefined where the file has no hooks. Kubernetes expands nothing in them, so nothing is escaped here. */
export function toLifecycle(service: ServiceSpec, { facts }: Context): V1Lifecycle | undefined {
  const { postStart, preStop } = service.hooks
  const kill = toKillLine(service)
  const lifecycle: V1Lifecycle = {
    ...(postStart.length > 0 && { postStart: { exec: { command: toHookCommand(postStart) } } }),
    ...((preStop.length > 0 || kill) && { preStop: { exec: { command: toHookCommand(preStop, kill) } } }),
    ...toStopLifecycle(service, facts),
  }
  return Object.keys(lifecycle).length > 0 ? lifecycle : undefined
}

/** One step as it is, where it can be; a handler has one command, so several are the lines of one shell. */
function toHookCommand(steps: readonly Hook[], last?: string): string[] {
  const [first, ...others] = steps
  if (first && others.length === 0 && isPlain(first) && last === undefined) return first.command ?? []
  return ['/bin/sh', '-c', [...steps.map(toLine), ...(last === undefined ? [] : [last])].join(' && ')]
}

function isPlain({ workingDir, environment }: Hook): boolean {
  return workingDir === null && Object.keys(environment).length === 0
}

/** In a shell of its own, so that its folder is not the next one's. */
function toLine({ command, workingDir, environment }: Hook): string {
  const variables = Object.entries(environment).map(([name, value]) => quoted(`${name}=${value}`))
  const program = (command ?? []).map(quoted)
  const words = variables.length > 0 ? ['env', ...variables, ...program] : program
  const change = workingDir === null ? '' : `cd ${quoted(workingDir)} && `
  return `(${change}exec ${words.join(' ')})`
}

/** POSIX: within single quotes everything stands for itself (XCU 2.2.2). */
function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`
}

/** A hook runs as the container does: it can have neither another user nor more rights. */
export function checkHooks(name: string, service: ServiceSpec): Problem[] {
  const { postStart, preStop } = service.hooks
  return [
    ...postStart.flatMap((hook, at) => checkHook(`services.${name}.post_start[${at}]`, hook, service)),
    ...preStop.flatMap((hook, at) => checkHook(`services.${name}.pre_stop[${at}]`, hook, service)),
  ]
}

function checkHook(path: string, hook: Hook, { user, security }: ServiceSpec): Problem[] {
  const own = user && (user.group === null ? user.user : `${user.user}:${user.group}`)
  const problems: Problem[] = []
  if (hook.user !== null && hook.user !== own) {
    const message = `A hook runs as the user of its container, not as \`${hook.user}\`: use \`pre_start\` for what needs another one.`
    problems.push(remark('HOOK_AS_CONTAINER', `${path}.user`, message))
  }
  if (hook.privileged && !security.privileged) {
    const message = 'A hook has the rights of its container and no more: `privileged` is not applied.'
    problems.push(remark('HOOK_AS_CONTAINER', `${path}.privileged`, message))
  }
  return problems
}
