// When a service runs that runs by the clock: `x-k8s.schedule`, or Kompose's labels.
import type { Problem } from '../../../problem.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import { remark } from './dispositions.ts'
import { SCHEDULE, type ServiceExtension, X_K8S } from './extensions.ts'
import { KOMPOSE } from './kompose.ts'
import { extensionOf } from './service-extension.ts'

/** `concurrencyPolicy` undefined: Kubernetes' own, by which runs may overlap. */
export type Schedule = { schedule: string; concurrencyPolicy: ServiceExtension['concurrencyPolicy'] }

const POLICIES: Readonly<Record<string, ServiceExtension['concurrencyPolicy']>> = {
  allow: 'Allow',
  forbid: 'Forbid',
  replace: 'Replace',
}

/** Null for a service that does not run by the clock. */
export function scheduleOf({ extensions, labels }: ServiceSpec): Schedule | null {
  const own = (extensions[X_K8S] ?? {}) as ServiceExtension
  const schedule = own.schedule ?? labels[KOMPOSE.schedule]
  if (schedule === undefined) return null
  const policy = labels[KOMPOSE.concurrencyPolicy]?.toLowerCase() ?? ''
  const byLabel = Object.hasOwn(POLICIES, policy) ? POLICIES[policy] : undefined
  return { schedule, concurrencyPolicy: own.concurrencyPolicy ?? byLabel }
}

/** How often a run that failed is tried again; undefined where no label says it. */
export function attemptsByLabel({ labels }: Pick<ServiceSpec, 'labels'>): number | undefined {
  const text = labels[KOMPOSE.backoffLimit] ?? ''
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined
}

export function checkSchedule(name: string, service: ServiceSpec): Problem[] {
  const path = `services.${name}`
  const schedule = scheduleOf(service)
  const problems = checkLabels(`${path}.labels`, service, schedule)
  if (!schedule) return problems
  const { restart, deploy } = service
  if (restart.condition === 'always' || restart.condition === 'unless-stopped') {
    const message = `What runs by the clock ends each time: write \`restart: "no"\` or \`on-failure\` at \`${name}\`.`
    problems.push(remark('SCHEDULE_AND_RESTART', `${path}.restart`, message))
  }
  if (deploy.mode === 'global' || extensionOf(service).controller !== undefined) {
    const message = `What runs by the clock is a CronJob, and no other controller, nor one on every node: leave one of them out of \`${name}\`.`
    problems.push(remark('SCHEDULE_AND_CONTROLLER', path, message))
  }
  return problems
}

function checkLabels(path: string, { labels }: ServiceSpec, schedule: Schedule | null): Problem[] {
  const wrong = (label: string, what: string) => remark('INVALID_KOMPOSE_LABEL', `${path}.${label}`, what)
  const {
    [KOMPOSE.schedule]: when,
    [KOMPOSE.concurrencyPolicy]: policy,
    [KOMPOSE.backoffLimit]: limit,
  } = labels
  const problems: Problem[] = []
  if (when !== undefined && !SCHEDULE.test(when))
    problems.push(wrong(KOMPOSE.schedule, `\`${when}\` is no schedule: write five fields as \`0 3 * * *\`.`))
  if (policy !== undefined && !Object.hasOwn(POLICIES, policy.toLowerCase()))
    problems.push(wrong(KOMPOSE.concurrencyPolicy, `\`${policy}\` is none of Allow, Forbid and Replace.`))
  if (limit !== undefined && attemptsByLabel({ labels }) === undefined)
    problems.push(wrong(KOMPOSE.backoffLimit, `\`${limit}\` is no number of attempts.`))
  const others = [KOMPOSE.concurrencyPolicy, KOMPOSE.backoffLimit].filter((label) => label in labels)
  if (!schedule)
    problems.push(
      ...others.map((label) => wrong(label, `It speaks of a schedule: add \`${KOMPOSE.schedule}\`.`)),
    )
  return problems
}
