// One service in the model, from its long forms.
import type { ModelGrant } from '../../system/models.ts'
import type { ServiceSpec } from '../../system/spec.ts'
import { child, toPlain } from '../node.ts'
import { buildDependencies } from './build-dependencies.ts'
import { buildDeploy, buildRestart } from './build-deploy.ts'
import { buildHealthcheck, isHealthcheckOff } from './build-healthcheck.ts'
import { buildImage } from './build-image.ts'
import { buildMachine } from './build-machine.ts'
import { buildStorage } from './build-mounts.ts'
import { buildNet } from './build-network.ts'
import { buildExpose, buildPorts } from './build-ports.ts'
import { buildProcess } from './build-process.ts'
import { buildReplicas } from './build-replicas.ts'
import { buildResources } from './build-resources.ts'
import type { Reader } from './reader.ts'

/**
 * Reports what can't be read and puts a harmless value in its place; the checks that follow go on with the rest. Every
 * field is named: an object of this size that is put together from spreads costs several times as much.
 */
export function buildService(service: Reader): ServiceSpec {
  const own = buildProcess(service)
  const net = buildNet(service)
  const storage = buildStorage(service)
  const machine = buildMachine(service)
  return {
    image: service.text('image') ?? '',
    build: buildImage(service),
    platform: own.platform,
    pullPolicy: own.pullPolicy,
    command: own.command,
    entrypoint: own.entrypoint,
    workingDir: own.workingDir,
    user: own.user,
    groupAdd: own.groupAdd,
    environment: own.environment,
    init: own.init,
    tty: own.tty,
    stdinOpen: own.stdinOpen,
    stopSignal: own.stopSignal,
    stopGracePeriodMs: own.stopGracePeriodMs,
    hooks: own.hooks,
    runtime: own.runtime,
    isolation: own.isolation,
    credentialSpec: own.credentialSpec,
    logging: own.logging,
    attach: own.attach,
    develop: own.develop,
    labels: labelsOf(service),
    annotations: service.textMap('annotations'),
    containerName: net.containerName,
    hostname: net.hostname,
    domainname: net.domainname,
    networks: net.networks,
    namespaces: net.namespaces,
    links: net.links,
    externalLinks: net.externalLinks,
    extraHosts: net.extraHosts,
    dns: net.dns,
    macAddress: net.macAddress,
    ports: buildPorts(service),
    expose: buildExpose(service),
    mounts: storage.mounts,
    tmpfs: storage.tmpfs,
    mountsFrom: storage.mountsFrom,
    shmSizeBytes: storage.shmSizeBytes,
    storageOptions: storage.storageOptions,
    configs: storage.configs,
    secrets: storage.secrets,
    models: service.record('models', grantOf),
    replicas: buildReplicas(service),
    resources: buildResources(service),
    cpu: machine.cpu,
    memory: machine.memory,
    blockIo: machine.blockIo,
    ulimits: machine.ulimits,
    sysctls: machine.sysctls,
    devices: machine.devices,
    gpus: machine.gpus,
    security: machine.security,
    cgroupParent: machine.cgroupParent,
    restart: buildRestart(service),
    deploy: buildDeploy(service),
    healthcheck: buildHealthcheck(service),
    healthcheckOff: isHealthcheckOff(service),
    dependsOn: buildDependencies(service, net, storage),
    provider: providerOf(service),
    useApiSocket: service.boolean('use_api_socket') ?? false,
    extensions: service.extensions(),
  }
}

/** Compose marks its own containers so (specification, "labels"). */
const RESERVED_LABELS = 'com.docker.compose.'

function labelsOf(service: Reader): Record<string, string> {
  const labels = service.textMap('labels')
  for (const name of Object.keys(labels)) {
    if (!name.startsWith(RESERVED_LABELS)) continue
    const message = `Labels that begin with \`${RESERVED_LABELS}\` are Compose's own: rename \`${name}\`.`
    service.context.reporter.report({
      code: 'RESERVED_LABEL',
      path: `${service.path}.labels.${name}`,
      message,
    })
  }
  return labels
}

/** Specification, "models": the variables have names of their own, made from the model's. */
function grantOf(grant: Reader, name: string): ModelGrant {
  const variable = name.toUpperCase().replaceAll('-', '_')
  return {
    endpointVariable: grant.text('endpoint_var') ?? `${variable}_URL`,
    modelVariable: grant.text('model_var') ?? variable,
  }
}

function providerOf(service: Reader): ServiceSpec['provider'] {
  if (!service.has('provider')) return null
  const provider = service.below('provider')
  if (!provider.has('type')) provider.missing('type', 'name what provides the service')
  const options = child(provider.map, 'options')
  return {
    type: provider.text('type') ?? '',
    options:
      options?.kind === 'map'
        ? Object.fromEntries([...options.entries].map(([name, { value }]) => [name, toPlain(value)]))
        : {},
  }
}
