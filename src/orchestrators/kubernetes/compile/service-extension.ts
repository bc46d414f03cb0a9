// `x-k8s` of the system and of a service: what Compose has no key for. It has the shape of its schema, which is held
// where the file is read (see `checkExtension`).
import type { V1Container, V1PodSpec } from '@kubernetes/client-node'
import type { Problem } from '../../../problem.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Context } from './context.ts'
import { remark } from './dispositions.ts'
import type { ServiceExtension, SystemExtension } from './extensions.ts'
import { X_K8S } from './extensions.ts'
import { KOMPOSE } from './kompose.ts'
import { toOriginalProbes } from './original-extension.ts'

/** Kompose's labels say some of it too; `x-k8s` comes before them. */
export function extensionOf({ extensions, labels }: ServiceSpec): ServiceExtension {
  const own = (extensions[X_K8S] ?? {}) as ServiceExtension
  const pullSecret = labels[KOMPOSE.pullSecret]
  return {
    ...own,
    controller: own.controller ?? toController(labels[KOMPOSE.controller]),
    imagePullSecrets: own.imagePullSecrets ?? (pullSecret === undefined ? undefined : [pullSecret]),
    serviceAccount: own.serviceAccount ?? labels[KOMPOSE.account],
  }
}

const CONTROLLERS: Readonly<Record<string, ServiceExtension['controller']>> = {
  deployment: 'deployment',
  statefulset: 'statefulset',
  daemonset: 'daemonset',
}

function toController(label = ''): ServiceExtension['controller'] {
  const word = label.toLowerCase()
  return Object.hasOwn(CONTROLLERS, word) ? CONTROLLERS[word] : undefined
}

/** Whether the number of pods is that of the nodes. */
export function isOnEveryNode(service: ServiceSpec): boolean {
  return service.deploy.mode === 'global' || extensionOf(service).controller === 'daemonset'
}

function extensionOfSystem({ spec }: Context): SystemExtension {
  return (spec.extensions[X_K8S] ?? {}) as SystemExtension
}

type Placed = Pick<V1PodSpec, 'nodeSelector' | 'tolerations' | 'imagePullSecrets' | 'serviceAccountName'>

/** What the service says comes before what the system says of all; lists add up, and labels of nodes too. */
export function toExtendedPod(service: ServiceSpec, context: Context, nodeSelector: Placed['nodeSelector']) {
  const [all, own] = [extensionOfSystem(context), extensionOf(service)]
  const selector = { ...nodeSelector, ...all.nodeSelector, ...own.nodeSelector }
  const tolerations = [...(all.tolerations ?? []), ...(own.tolerations ?? [])]
  const secrets = new Set([...(all.imagePullSecrets ?? []), ...(own.imagePullSecrets ?? [])])
  const account = own.serviceAccount ?? all.serviceAccount
  return {
    // Only who asks for an account wants its token.
    automountServiceAccountToken: account !== undefined,
    nodeSelector: Object.keys(selector).length > 0 ? selector : undefined,
    tolerations: tolerations.length > 0 ? tolerations : undefined,
    imagePullSecrets: secrets.size > 0 ? [...secrets].map((name) => ({ name })) : undefined,
    serviceAccountName: account,
  } satisfies Placed & Pick<V1PodSpec, 'automountServiceAccountToken'>
}

type Probes = Pick<V1Container, 'readinessProbe' | 'livenessProbe' | 'startupProbe'>

/** A readiness probe of its own takes the place of the healthcheck. */
export function toExtendedProbes(
  service: ServiceSpec,
  healthcheck: Probes['readinessProbe'],
  alive?: Probes['livenessProbe'],
): Probes {
  const own = extensionOf(service)
  const original = toOriginalProbes(service.extensions)
  return {
    readinessProbe: own.readiness ?? original.readiness ?? healthcheck,
    livenessProbe: own.liveness ?? original.liveness ?? alive,
    startupProbe: own.startup ?? original.startup,
  }
}

/** An account has rights in the cluster, so the operator names those that may be asked for. */
export function checkAccounts({ spec, policy }: Context): Problem[] {
  const of = (path: string, account: string | undefined): Problem[] => {
    if (account === undefined || policy.serviceAccounts.includes(account)) return []
    const message = `The operator does not allow the service account \`${account}\`: remove it.`
    return [remark('NOT_ALLOWED', path, message)]
  }
  const { serviceAccount } = (spec.extensions[X_K8S] ?? {}) as SystemExtension
  return [
    ...of(`${X_K8S}.serviceAccount`, serviceAccount),
    ...Object.entries(spec.services).flatMap(([name, service]) =>
      of(toAccountPath(name, service), extensionOf(service).serviceAccount),
    ),
  ]
}

function toAccountPath(name: string, { extensions }: ServiceSpec): string {
  const { serviceAccount } = (extensions[X_K8S] ?? {}) as ServiceExtension
  const path = `services.${name}`
  return serviceAccount === undefined
    ? `${path}.labels.${KOMPOSE.account}`
    : `${path}.${X_K8S}.serviceAccount`
}

export function checkController(name: string, { labels }: ServiceSpec): Problem[] {
  const controller = labels[KOMPOSE.controller]
  if (controller === undefined || Object.hasOwn(CONTROLLERS, controller.toLowerCase())) return []
  const path = `services.${name}.labels.${KOMPOSE.controller}`
  const message = `\`${controller}\` is no controller: it is \`deployment\`, \`statefulset\` or \`daemonset\`.`
  return [remark('INVALID_KOMPOSE_LABEL', path, message)]
}
