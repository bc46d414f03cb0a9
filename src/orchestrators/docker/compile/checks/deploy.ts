// How copies are made anew and what is set aside for them, where an engine does otherwise.
import type { Problem } from '../../../../problem.ts'
import type { ServiceSpec } from '../../../../system/spec.ts'
import { remark } from '../dispositions.ts'

export function checkDeploy(name: string, service: ServiceSpec): Problem[] {
  const path = `services.${name}.deploy`
  return [...checkUpdate(path, service), ...checkReservations(path, service)]
}

/** A container is taken away before another one has its name. */
function checkUpdate(path: string, { deploy: { update } }: ServiceSpec): Problem[] {
  if (!update) return []
  const { order, parallelism, delayMs, monitorMs, failureAction, maxFailureRatio } = update
  const notApplied: [string, boolean][] = [
    ['order', order === 'start-first'],
    ['parallelism', parallelism !== null && parallelism !== 1],
    ['delay', (delayMs ?? 0) > 0],
    ['monitor', (monitorMs ?? 0) > 0],
    ['failure_action', failureAction === 'continue'],
    ['max_failure_ratio', (maxFailureRatio ?? 0) > 0],
  ]
  const problems = notApplied
    .filter(([, isAsked]) => isAsked)
    .map(([key]) => {
      const message = `Containers of an engine are made anew one after the other, each after the old one has ended: \`${key}\` is not applied.`
      return remark('NOT_APPLIED', `${path}.update_config.${key}`, message)
    })
  if (failureAction !== 'rollback' && failureAction !== 'pause') return problems
  const message =
    'An update stops where it fails, and returns to what was there before where the request asks for it.'
  return [...problems, remark('NO_EFFECT', `${path}.update_config.failure_action`, message)]
}

function checkReservations(path: string, { resources, cpu }: ServiceSpec): Problem[] {
  const { cpus } = resources.reservations
  if (!cpus || cpu.shares !== null) return []
  const message = `An engine sets no cores aside: ${cpus} of them weigh as much where they are short.`
  return [remark('CPUS_AS_SHARES', `${path}.resources.reservations.cpus`, message)]
}
