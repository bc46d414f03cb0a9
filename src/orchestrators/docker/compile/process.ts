// What runs in a container: fields of the body of `POST /containers/create`.
import type { Hook } from '../../../system/process.ts'
import type { Healthcheck, Restart, ServiceSpec } from '../../../system/spec.ts'
import { type EngineFacts, speaks } from '../facts.ts'
import type { ExecStep } from '../objects.ts'
import type { Context } from './context.ts'
import { toExposed } from './ports.ts'
import { listOrNothing } from './resources.ts'

/** Compose's own, which is also the engine's. */
const GRACE_MS = 10_000
const NS_PER_MS = 1_000_000

/** From here on a container is looked at more often while it starts. */
export const START_INTERVAL_MINOR = 44

export function toProcess(service: ServiceSpec, { facts }: Context) {
  return {
    Hostname: service.hostname ?? undefined,
    Domainname: service.domainname ?? undefined,
    User: toUser(service),
    Tty: service.tty || undefined,
    OpenStdin: service.stdinOpen || undefined,
    Env: toEnvironment(service.environment),
    ...toCommand(service),
    WorkingDir: service.workingDir ?? undefined,
    ExposedPorts: toExposed(service),
    StopSignal: service.stopSignal ?? undefined,
    StopTimeout: Math.ceil((service.stopGracePeriodMs ?? GRACE_MS) / 1000),
    Healthcheck: service.healthcheckOff ? { Test: ['NONE'] } : toHealthcheck(service.healthcheck, facts),
  }
}

export function toUser({ user }: ServiceSpec): string | undefined {
  if (!user) return undefined
  return user.group === null ? user.user : `${user.user}:${user.group}`
}

export function toEnvironment(variables: Record<string, string>): string[] | undefined {
  return listOrNothing(Object.entries(variables).map(([name, value]) => `${name}=${value}`))
}

/** One empty word takes the image's entrypoint away, and its command with it. */
function toCommand({ command, entrypoint }: ServiceSpec) {
  return {
    Cmd: command ?? undefined,
    Entrypoint: (entrypoint && (entrypoint.length > 0 ? entrypoint : [''])) || undefined,
  }
}

export function toHealthcheck(check: Healthcheck | null, facts: EngineFacts) {
  if (!check) return undefined
  const { test, intervalMs, timeoutMs, retries, startPeriodMs, startIntervalMs } = check
  const hasStart = startPeriodMs > 0 && speaks(facts, START_INTERVAL_MINOR)
  return {
    Test: test.kind === 'shell' ? ['CMD-SHELL', test.command] : ['CMD', ...test.argv],
    Interval: toNanoseconds(intervalMs),
    Timeout: toNanoseconds(timeoutMs),
    Retries: retries,
    StartPeriod: toNanoseconds(startPeriodMs),
    StartInterval: hasStart ? toNanoseconds(startIntervalMs) : undefined,
  }
}

/** The engine takes no less than a millisecond, but for nothing. */
function toNanoseconds(durationMs: number): number {
  return durationMs === 0 ? 0 : Math.max(1, Math.round(durationMs)) * NS_PER_MS
}

/** What Compose leaves open is `no`, as the specification has it. */
export function toRestartPolicy(restart: Restart) {
  switch (restart.condition) {
    case 'unset':
    case 'no':
      return { Name: 'no' }
    case 'always':
    case 'unless-stopped':
      return { Name: restart.condition }
    case 'on-failure':
      return { Name: 'on-failure', MaximumRetryCount: restart.maxAttempts ?? 0 }
    default:
      return restart satisfies never
  }
}

export function toExecSteps(hooks: readonly Hook[]): ExecStep[] {
  return hooks.map(({ command, environment, user, workingDir, privileged }) => {
    const env = toEnvironment(environment)
    return {
      Cmd: command ?? [],
      ...(env && { Env: env }),
      ...(user !== null && { User: user }),
      ...(workingDir !== null && { WorkingDir: workingDir }),
      ...(privileged && { Privileged: true }),
    }
  })
}
