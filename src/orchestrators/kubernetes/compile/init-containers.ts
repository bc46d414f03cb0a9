// `pre_start` for each copy of a service: containers of the pod that run to their end, one after the other, before the
// service starts.
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
import { KOMPOSE } from './kompose.ts'
import { words } from './kompose-values.ts'
import { toResources } from './resources.ts'
import { toContainerSecurity } from './security.ts'
import { toVolumeMounts } from './volumes.ts'

/**
 * Each has the service's image, mounts and variables where it says nothing else
 * (https://docs.docker.com/compose/how-tos/init-containers/). No container of a service is called so: the service's own
 * is called as its host name, and the number of steps is after two hyphens.
 */
export function toInitContainers(service: ServiceSpec, context: Context): V1Container[] | undefined {
  const steps = service.hooks.preStart.map((hook, at) => ({ hook, at })).filter(({ hook }) => hook.perReplica)
  const all = [
    ...toKomposeContainer(service, context),
    ...steps.map(({ hook, at }) => toInitContainer(hook, at, service, context)),
  ]
  return all.length > 0 ? all : undefined
}

/** Kompose's has nothing of the service's but its rights: neither its variables nor its volumes. */
function toKomposeContainer(service: ServiceSpec, { facts }: Context): V1Container[] {
  const {
    [KOMPOSE.initName]: name,
    [KOMPOSE.initImage]: image,
    [KOMPOSE.initCommand]: command,
  } = service.labels
  if (image === undefined) return []
  return [
    {
      // The service's own container is called as its host name, which has no two hyphens after this.
      name: name === undefined ? 'init--service' : `init--${name}`.slice(0, 63),
      image,
      imagePullPolicy: toPullPolicy(service),
      command: words(command ?? '')?.map(escapeReferences),
      resources: toResources(service),
      securityContext: toContainerSecurity(service, facts),
    },
  ]
}

export function toInitContainer(hook: Hook, at: number, service: ServiceSpec, context: Context): V1Container {
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
  const { preStart } = service.hooks
  const path = `services.${name}.pre_start`
  return [
    ...preStart.flatMap((hook, at) => checkInitContainer(`${path}[${at}]`, hook, policy)),
    ...preStart.flatMap(({ perReplica }, at) =>
      perReplica || preStart.slice(0, at).every((hook) => !hook.perReplica)
        ? []
        : [checkTurn(`${path}[${at}]`)],
    ),
  ]
}

function checkTurn(path: string): Problem {
  const message = 'This runs once, before all that runs for each copy: write it before that.'
  return remark('PRE_START_REORDERED', path, message)
}

function checkInitContainer(path: string, hook: Hook, { allow }: Policy): Problem[] {
  const problems = checkUser(`${path}.user`, hook.user, allow)
  if (hook.privileged && !allow.includes('privileged')) {
    const message =
      '`privileged` gives rights over the machine, which the operator does not allow: remove it.'
    problems.push(remark('NOT_ALLOWED', `${path}.privileged`, message))
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
