// `pre_start`: containers that run to their end, one step after the other, before the copies of a service are made.
import type { Hook, User } from '../../../system/process.ts'
import { toGateKey } from '../../../system/requirements.ts'
import type { ServiceSpec } from '../../../system/spec.ts'

/** `at`: where it stands in the file. `key`: under which it is waited for and told of. */
export type Step = {
  hook: Hook
  at: number
  key: string
  service: ServiceSpec
  isPerCopy: boolean
  copies: number[]
}

/** In the order in which they run; a service without copies has none. */
export function stepsOf(name: string, service: ServiceSpec): Step[] {
  if (service.replicas === 0) return []
  return service.hooks.preStart.map((hook, at) => ({
    hook,
    at,
    key: at === 0 ? toGateKey(name) : `${toGateKey(name)}/${at + 1}`,
    service,
    isPerCopy: hook.perReplica,
    copies: Array.from({ length: hook.perReplica ? service.replicas : 1 }, (_, copy) => copy + 1),
  }))
}

/**
 * The service's image, mounts and variables where the step says nothing else
 * (https://docs.docker.com/compose/how-tos/init-containers/); each is tried once.
 */
export function toStepService({ hook, service }: Step): ServiceSpec {
  return {
    ...service,
    command: hook.command,
    entrypoint: null,
    environment: { ...service.environment, ...hook.environment },
    user: hook.user === null ? service.user : toUser(hook.user),
    workingDir: hook.workingDir ?? service.workingDir,
    security: { ...service.security, privileged: hook.privileged },
    containerName: null,
    hostname: null,
    macAddress: null,
    ports: [],
    expose: [],
    healthcheck: null,
    healthcheckOff: true,
    restart: { condition: 'no' },
    hooks: { preStart: [], postStart: [], preStop: [] },
    networks: Object.fromEntries(
      Object.entries(service.networks).map(([key, network]) => [
        key,
        { ...network, ipv4: null, ipv6: null, macAddress: null, aliases: [] },
      ]),
    ),
  }
}

function toUser(text: string): User {
  const [user = '', group = null] = text.split(':')
  return { user, group }
}
