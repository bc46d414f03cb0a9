// What of a service's process an engine does otherwise than the file says.
import type { Problem } from '../../../../problem.ts'
import type { ServiceSpec } from '../../../../system/spec.ts'
import { speaks } from '../../facts.ts'
import { ANNOTATIONS_MINOR } from '../container.ts'
import type { Context } from '../context.ts'
import { remark } from '../dispositions.ts'
import { isKept } from '../logging.ts'
import { isReserved } from '../manifest.ts'
import { START_INTERVAL_MINOR } from '../process.ts'

export function checkProcess(name: string, service: ServiceSpec, context: Context): Problem[] {
  const path = `services.${name}`
  return [
    ...checkCommand(name, service),
    ...checkGrace(path, service),
    ...checkStartInterval(path, service, context),
    ...checkLogging(path, service),
    ...checkLabels(path, service),
    ...checkAnnotations(path, service, context),
    ...checkRuntime(path, service, context),
    ...checkCopies(path, service),
  ]
}

/** An image's command alone can't be cleared: an empty one is taken for none. */
export function checkCommand(name: string, { command, entrypoint }: ServiceSpec): Problem[] {
  const path = `services.${name}`
  if (entrypoint?.length === 0 && !command?.length) {
    const message = `An empty \`entrypoint\` without a \`command\` leaves \`${name}\` nothing to run: give the program in \`command\`.`
    return [remark('ENTRYPOINT_CLEARED', `${path}.entrypoint`, message)]
  }
  if (command?.length === 0 && entrypoint === null) {
    const message = `An engine can't clear the command of the image of \`${name}\` alone: give the program in \`entrypoint\`, or leave \`command\` out.`
    return [remark('COMMAND_CLEARED', `${path}.command`, message)]
  }
  return []
}

function checkGrace(path: string, { stopGracePeriodMs: graceMs }: ServiceSpec): Problem[] {
  if (graceMs === null || graceMs % 1000 === 0) return []
  const message = `An engine counts whole seconds: the time to end is ${Math.ceil(graceMs / 1000)} s.`
  return [remark('DURATION_ROUNDED', `${path}.stop_grace_period`, message)]
}

export function checkStartInterval(
  path: string,
  { healthcheck }: ServiceSpec,
  { facts }: Context,
): Problem[] {
  if (!healthcheck || healthcheck.startPeriodMs === 0 || speaks(facts, START_INTERVAL_MINOR)) return []
  if (healthcheck.startIntervalMs >= healthcheck.intervalMs) return []
  const message = `Before API 1.${START_INTERVAL_MINOR} a check has one interval: it is done every ${healthcheck.intervalMs / 1000} s from the start.`
  return [remark('START_INTERVAL_IGNORED', `${path}.healthcheck.start_interval`, message)]
}

export function checkLogging(path: string, { logging }: ServiceSpec): Problem[] {
  if (!logging) return []
  if (!isKept(logging)) {
    const message = `Lines are kept on the machine, so that \`tycho logs\` can read them: the driver \`${logging.driver}\` is not applied.`
    return [remark('NOT_APPLIED', `${path}.logging`, message)]
  }
  if (logging.driver !== 'none') return []
  const message = 'Nothing that the service prints is kept: not even its last words, should it fail.'
  return [remark('LOGS_NOT_KEPT', `${path}.logging`, message)]
}

export function checkLabels(path: string, { labels }: ServiceSpec): Problem[] {
  return Object.keys(labels).flatMap((label) => {
    const at = `${path}.labels.${label}`
    if (isReserved(label))
      return [remark('LABEL_IGNORED', at, `\`${label}\` is Tycho's own: it is left out.`)]
    if (label === 'kompose.cronjob.schedule') return [scheduled(at)]
    if (!label.startsWith('kompose.')) return []
    return [remark('KOMPOSE_LABEL_IGNORED', at, `\`${label}\` has no effect: it is for Kubernetes.`)]
  })
}

/** On Kubernetes it would be a CronJob. */
export function scheduled(path: string): Problem {
  const message = 'An engine has no clock to start a service by: it is started once, at once.'
  return remark('SCHEDULE_IGNORED', path, message)
}

function checkAnnotations(path: string, { annotations }: ServiceSpec, { facts }: Context): Problem[] {
  if (Object.keys(annotations).length === 0 || speaks(facts, ANNOTATIONS_MINOR)) return []
  const message = `\`annotations\` has no effect before API 1.${ANNOTATIONS_MINOR}.`
  return [remark('NO_EFFECT', `${path}.annotations`, message)]
}

function checkRuntime(path: string, { runtime }: ServiceSpec, { facts }: Context): Problem[] {
  if (runtime === null || facts.runtimes.includes(runtime)) return []
  const message = `The engine has no runtime \`${runtime}\`, only ${facts.runtimes.join(', ')}: remove it.`
  return [remark('NOT_ON_DOCKER', `${path}.runtime`, message)]
}

function checkCopies(path: string, { replicas, deploy }: ServiceSpec): Problem[] {
  if (replicas > 0 || deploy.mode === 'global') return []
  const message = 'The service has no copies: one container is made of it, and not started.'
  return [remark('NO_COPIES', `${path}.deploy.replicas`, message)]
}
