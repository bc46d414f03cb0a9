// `pre_start`: containers of the pod that run to their end, one after the other, before the service starts.
import type { V1Container } from '@kubernetes/client-node'
import type { Problem } from '../../../problem.ts'
import type { Policy } from '../../../system/policy.ts'
import type { Hook, User } from '../../../system/process.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Context } from './context.ts'
import { remark } from './dispositions.ts'
import { toEnvironment } from './environment.ts'
import { escapeReferences } from './escape.ts'
import { toImage, toPullPolicy } from './image.ts'
import { toResources } from './resources.ts'
import { toContainerSecurity } from './security.ts'
import { isOnEveryNode } from './service-extension.ts'
import { toVolumeMounts } from './volumes.ts'

/**
 * Each has the service's image, mounts and variables where it says nothing else
 * (https://docs.docker.com/compose/how-tos/init-containers/). No container of a service is called so: the service's own
 * is called as its host name, and the number of steps is after two hyphens.
 */
export function toInitContainers(service: ServiceSpec, context: Context): V1Container[] | undefined {
  const { preStart } = service.hooks
  return preStart.length > 0
    ? preStart.map((hook, at) => toInitContainer(hook, at, service, context))
    : undefined
}

function toInitContainer(hook: Hook, at: number, service: ServiceSpec, context: Context): V1Container {
  const environment = { ...service.environment, ...hook.environment }
  const security = { ...service.security, privileged: hook.privileged }
  const user = hook.user === null ? service.user : toUser(hook.user)
  return {
    name: `pre-start--${at}`,
    image: hook.image ?? toImage(service),
    imagePullPolicy: toPullPolicy(service),
    args: hook.command?.map(escapeReferences),
    workingDir: hook.workingDir ?? service.workingDir ?? undefined,
    env: toEnvironment({ ...service, environment }),
    volumeMounts: toVolumeMounts(service, context),
    resources: toResources(service),
    securityContext: toContainerSecurity({ ...service, user, security }, context.facts),
  }
}

const ROOT = /^(?:root|0+)(?::|$)/

function toUser(text: string): User {
  const [user = '', group = null] = text.split(':')
  return { user, group }
}

export function checkInitContainers(name: string, service: ServiceSpec, policy: Policy): Problem[] {
  return service.hooks.preStart.flatMap((hook, at) =>
    checkInitContainer(`services.${name}.pre_start[${at}]`, hook, service, policy),
  )
}

function checkInitContainer(path: string, hook: Hook, service: ServiceSpec, { allow }: Policy): Problem[] {
  const problems = checkUser(`${path}.user`, hook.user, allow)
  if (hook.privileged && !allow.includes('privileged')) {
    const message =
      '`privileged` gives rights over the machine, which the operator does not allow: remove it.'
    problems.push(remark('NOT_ALLOWED', `${path}.privileged`, message))
  }
  if (!hook.perReplica && (service.replicas > 1 || isOnEveryNode(service))) {
    const message =
      'This runs before each copy of the service, not once before all: let it be harmless when repeated.'
    problems.push(remark('PRE_START_REPEATED', path, message))
  }
  return problems
}

function checkUser(path: string, user: string | null, allow: Policy['allow']): Problem[] {
  if (user === null) return []
  if (ROOT.test(user) && !allow.includes('root')) {
    const message = 'The user root has rights over the machine, which the operator does not allow: remove it.'
    return [remark('NOT_ALLOWED', path, message)]
  }
  if (/^(?:root|\d{1,10})(?::\d{1,10})?$/.test(user)) return []
  const message = `Kubernetes knows no names of an image: give the number of the user \`${user}\`.`
  return [remark('USER_BY_NAME', path, message)]
}
