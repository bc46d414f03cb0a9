// The services of a swarm: the Compose services of a system, and what runs before them.
import type { Rollout } from '../../../../system/deploy.ts'
import { networksOf } from '../../../../system/networks.ts'
import type { Restart, ServiceSpec } from '../../../../system/spec.ts'
import type { Manifest } from '../../../orchestrator.ts'
import type { Context } from '../../compile/context.ts'
import { toLogging } from '../../compile/logging.ts'
import { toSystemLabels, withOwnLabels } from '../../compile/manifest.ts'
import { aliasesOn, toNetworkName } from '../../compile/networks.ts'
import { type Step, toStepService } from '../../compile/pre-start.ts'
import { listOrNothing } from '../../compile/resources.ts'
import { LABEL } from '../../labels.ts'
import type { ServiceNetwork, ServiceObject } from '../objects.ts'
import { toContainerSpec } from './container-spec.ts'
import { toServiceFiles } from './files.ts'
import { toManifest } from './manifest.ts'
import { toServiceName, toStepName } from './names.ts'
import { toEndpointSpec } from './ports.ts'

const NS_PER_MS = 1_000_000
const USUAL_PERIOD_US = 100_000

/** A node that there is not: a service of all nodes rests on none. */
const NOWHERE = 'node.id==none'

export function toService(
  name: string,
  service: ServiceSpec,
  context: Context,
  seeds: readonly string[],
): Manifest {
  const object: ServiceObject = {
    kind: 'service',
    name: toServiceName(context.identity, name),
    service: name,
    labels: withOwnLabels(service.deploy.labels, toOwnLabels(name, context)),
    spec: toSpec(name, name, service, context),
    networks: toNetworks(name, service, context),
    files: toServiceFiles(name, service, context),
    suspended: context.suspended || service.replicas === 0,
  }
  return toManifest(object, `services.${name}`, seeds)
}

/** A step is found under no name of the service's; each of its tasks is tried once. */
export function toStep(name: string, step: Step, context: Context, seeds: readonly string[]): Manifest {
  const service: ServiceSpec = {
    ...toStepService(step),
    image: step.hook.image ?? step.service.image,
    replicas: step.copies.length,
    deploy: { ...step.service.deploy, mode: 'replicated', update: null, rollback: null, labels: {} },
  }
  const object: ServiceObject = {
    kind: 'service',
    name: toStepName(context.identity, name, step.at + 1),
    service: step.key,
    labels: toOwnLabels(step.key, context),
    spec: toSpec(name, step.key, service, context),
    networks: toNetworks(name, service, context).map((network) => ({ ...network, aliases: [] })),
    files: toServiceFiles(name, step.service, context),
    suspended: context.suspended,
  }
  return toManifest(object, `services.${name}.pre_start[${step.at}]`, seeds)
}

function toOwnLabels(key: string, context: Context): Record<string, string> {
  return {
    ...toSystemLabels(context.identity),
    [LABEL.service]: key,
    ...(context.suspended && { [LABEL.suspended]: 'true' }),
    ...(context.restartedAt !== null && { [LABEL.restartedAt]: context.restartedAt }),
  }
}

function toSpec(name: string, key: string, service: ServiceSpec, context: Context) {
  const { deploy, logging } = service
  // When it was restarted is a part of each container, so that they are all made anew.
  const { [LABEL.suspended]: _suspended, ...labels } = toOwnLabels(key, context)
  const log = toLogging(logging)
  return {
    TaskTemplate: {
      ContainerSpec: toContainerSpec(service, withOwnLabels(service.labels, labels), context),
      Resources: toResources(service),
      RestartPolicy: toRestartPolicy(service),
      Placement: toPlacement(service, context),
      LogDriver: log && { Name: log.Type, Options: log.Config },
    },
    Mode: toMode(service, context),
    UpdateConfig: deploy.update ? toRollout(deploy.update) : undefined,
    RollbackConfig: deploy.rollback ? toRollout(deploy.rollback) : undefined,
    EndpointSpec: toEndpointSpec(name, service, context),
  }
}

function toMode({ deploy, replicas }: ServiceSpec, { suspended }: Context) {
  const copies = suspended ? 0 : replicas
  switch (deploy.mode) {
    case 'replicated':
      return { Replicated: { Replicas: copies } }
    case 'global':
      return { Global: {} }
    case 'replicated-job':
      return { ReplicatedJob: { MaxConcurrent: copies, TotalCompletions: copies } }
    case 'global-job':
      return { GlobalJob: {} }
    default:
      return deploy.mode satisfies never
  }
}

function toPlacement({ deploy, platform }: ServiceSpec, { suspended }: Context) {
  const { constraints, spread, maxReplicasPerNode } = deploy.placement
  const rests = suspended && (deploy.mode === 'global' || deploy.mode === 'global-job')
  return {
    Constraints: listOrNothing([...constraints, ...(rests ? [NOWHERE] : [])]),
    Preferences: listOrNothing(spread.map((label) => ({ Spread: { SpreadDescriptor: label } }))),
    MaxReplicas: maxReplicasPerNode ?? undefined,
    Platforms: platform?.architecture
      ? [{ OS: platform.os ?? 'linux', Architecture: platform.architecture }]
      : undefined,
  }
}

/** `parallelism` 0 is all at once, as the API has it. */
function toRollout({ parallelism, delayMs, failureAction, monitorMs, maxFailureRatio, order }: Rollout) {
  return {
    Parallelism: parallelism ?? 1,
    Delay: delayMs === null ? undefined : delayMs * NS_PER_MS,
    FailureAction: failureAction ?? undefined,
    Monitor: monitorMs === null ? undefined : monitorMs * NS_PER_MS,
    MaxFailureRatio: maxFailureRatio ?? undefined,
    Order: order ?? undefined,
  }
}

/** A job has no `any`. */
function toRestartPolicy({ restart, deploy }: ServiceSpec) {
  return {
    Condition: conditionOf(restart),
    Delay: deploy.restartDelayMs === null ? undefined : deploy.restartDelayMs * NS_PER_MS,
    Window: deploy.restartWindowMs === null ? undefined : deploy.restartWindowMs * NS_PER_MS,
    MaxAttempts: restart.condition === 'on-failure' ? (restart.maxAttempts ?? undefined) : undefined,
  }
}

/** What Compose leaves open is `no`, as the specification has it. */
function conditionOf({ condition }: Restart): 'none' | 'on-failure' | 'any' {
  switch (condition) {
    case 'unset':
    case 'no':
      return 'none'
    case 'always':
    case 'unless-stopped':
      return 'any'
    case 'on-failure':
      return 'on-failure'
    default:
      return condition satisfies never
  }
}

function toResources({ resources, cpu }: ServiceSpec) {
  const { limits, reservations } = resources
  const quota =
    cpu.quotaUs !== null && cpu.quotaUs > 0 ? cpu.quotaUs / (cpu.periodUs ?? USUAL_PERIOD_US) : null
  const cores = limits.cpus || quota
  const generic = reservations.genericResources.map(({ kind, value }) => ({
    DiscreteResourceSpec: { Kind: kind, Value: value },
  }))
  return {
    Limits: {
      NanoCPUs: cores ? Math.round(cores * 1e9) : undefined,
      MemoryBytes: limits.memoryBytes || undefined,
      Pids: limits.pids ?? undefined,
    },
    Reservations: {
      NanoCPUs: reservations.cpus ? Math.round(reservations.cpus * 1e9) : undefined,
      MemoryBytes: reservations.memoryBytes || undefined,
      GenericResources: listOrNothing(generic),
    },
  }
}

function toNetworks(name: string, service: ServiceSpec, context: Context): ServiceNetwork[] {
  const { network } = service.namespaces
  if (network?.kind === 'host' || network?.kind === 'none')
    return [{ network: network.kind, aliases: [], driverOptions: {} }]
  return networksOf(service).map((key) => ({
    network: toNetworkName(key, context),
    aliases: aliasesOn(key, name, service, context),
    driverOptions: service.networks[key]?.driverOptions ?? {},
  }))
}
