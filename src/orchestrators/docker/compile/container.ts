// The containers of a system: the copies of its services, and what runs before them.
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Manifest } from '../../orchestrator.ts'
import { speaks } from '../facts.ts'
import { LABEL } from '../labels.ts'
import type { ContainerObject } from '../objects.ts'
import { toExtraHosts } from './build.ts'
import type { Context } from './context.ts'
import { toFileMounts } from './file-objects.ts'
import { builtElsewhere, toImageName } from './image.ts'
import { toLogging } from './logging.ts'
import { toManifest, toSystemLabels, withOwnLabels } from './manifest.ts'
import { toMounts } from './mounts.ts'
import { toContainerName, toGateName } from './names.ts'
import { macOfContainer, toContainerNetworks } from './networks.ts'
import { toPorts } from './ports.ts'
import { type Step, toStepService } from './pre-start.ts'
import { toExecSteps, toProcess, toRestartPolicy } from './process.ts'
import { listOrNothing, recordOrNothing, toResources } from './resources.ts'
import { toNamespaces, toRights } from './rights.ts'

/** From here on a container has annotations (API 1.43). */
export const ANNOTATIONS_MINOR = 43

/** `seeds`: hashes of what the containers stand on, so that they are made anew when that is. */
export function toContainers(
  name: string,
  service: ServiceSpec,
  context: Context,
  seeds: readonly string[],
): Manifest[] {
  return copiesOf(service).map((copy) => {
    const object: ContainerObject = {
      kind: 'container',
      name: toContainerName(context.identity, name, service, copy),
      service: name,
      labels: toLabels(name, service, context),
      image: toImageName(name, service, context),
      create: toCreate(service, context),
      networks: toContainerNetworks(name, service, context),
      files: toFileMounts(name, service, context),
      ports: toPorts(name, service, context),
      suspended: context.suspended || service.replicas === 0,
      postStart: toExecSteps(service.hooks.postStart),
    }
    return toManifest(object, `services.${name}`, seeds)
  })
}

/** A service without copies has one that is not started, so that there is something to see of it. */
function copiesOf({ replicas, deploy }: ServiceSpec): number[] {
  const isOnEveryNode = deploy.mode === 'global' || deploy.mode === 'global-job'
  const count = isOnEveryNode ? 1 : Math.max(1, replicas)
  return Array.from({ length: count }, (_, at) => at + 1)
}

/** A step is found under no name of the service's. */
export function toStepContainers(
  name: string,
  step: Step,
  context: Context,
  seeds: readonly string[],
): Manifest[] {
  const service = toStepService(step)
  return step.copies.map((copy) => {
    const object: ContainerObject = {
      kind: 'container',
      name: `${toGateName(context.identity, name, step.at + 1)}${step.isPerCopy ? `-${copy}` : ''}`,
      service: step.key,
      labels: toLabels(step.key, service, context),
      image: toStepImage(name, step, context),
      create: toCreate(service, context),
      networks: toContainerNetworks(name, service, context).map((network) => ({ ...network, aliases: [] })),
      files: toFileMounts(name, step.service, context),
      ports: [],
      suspended: context.suspended,
      postStart: [],
    }
    return toManifest(object, `services.${name}.pre_start[${step.at}]`, seeds)
  })
}

function toStepImage(name: string, { hook, service }: Step, context: Context): string {
  if (hook.image === null) return toImageName(name, service, context)
  return builtElsewhere(hook.image, context) ?? hook.image
}

function toLabels(key: string, service: ServiceSpec, context: Context): Record<string, string> {
  const { preStop } = service.hooks
  return withOwnLabels(service.labels, {
    ...toSystemLabels(context.identity),
    [LABEL.service]: key,
    ...(context.suspended && { [LABEL.suspended]: 'true' }),
    ...(context.restartedAt !== null && { [LABEL.restartedAt]: context.restartedAt }),
    ...(preStop.length > 0 && { [LABEL.preStop]: JSON.stringify(toExecSteps(preStop)) }),
  })
}

function toCreate(service: ServiceSpec, context: Context): ContainerObject['create'] {
  const { dns, extraHosts, annotations } = service
  return {
    ...toProcess(service, context),
    MacAddress: macOfContainer(service, context),
    HostConfig: {
      RestartPolicy: toRestartPolicy(service.restart),
      Init: service.init ?? undefined,
      Runtime: service.runtime ?? undefined,
      LogConfig: toLogging(service.logging),
      Annotations: speaks(context.facts, ANNOTATIONS_MINOR) ? recordOrNothing(annotations) : undefined,
      ...toNamespaces(service, context),
      Dns: listOrNothing(dns.servers),
      DnsSearch: listOrNothing(dns.search),
      DnsOptions: listOrNothing(dns.options),
      ExtraHosts: listOrNothing(toExtraHosts(extraHosts)),
      ...toMounts(service, context),
      ...toResources(service, context),
      ...toRights(service),
    },
  }
}
