/** Objects of a Docker engine as the compiler gives them, for tests of the engine's side alone. */
import { randomBytes } from 'node:crypto'
import { LABEL, MANAGER } from '../../../src/orchestrators/docker/labels.ts'
import {
  type ContainerObject,
  type EngineObject,
  type FilesObject,
  type ImageObject,
  type NetworkObject,
  subjectOf,
  type VolumeObject,
} from '../../../src/orchestrators/docker/objects.ts'
import type { ApplyInput, Manifest, Stage } from '../../../src/orchestrators/orchestrator.ts'
import type { SystemIdentity } from '../../../src/system/spec.ts'

export function newIdentity(name: string): SystemIdentity {
  return { tenant: 'test', namespace: 'default', name, sid: randomBytes(16).toString('hex') }
}

export function labelsFor({ tenant, namespace, name, sid }: SystemIdentity, service?: string) {
  return {
    [LABEL.managedBy]: MANAGER,
    [LABEL.tenant]: tenant,
    [LABEL.namespace]: namespace,
    [LABEL.system]: name,
    [LABEL.sid]: sid,
    ...(service !== undefined && { [LABEL.service]: service }),
  }
}

/** A container that waits until it is stopped, unless `changes` says otherwise. */
export function container(
  identity: SystemIdentity,
  service: string,
  changes: Partial<ContainerObject> = {},
): ContainerObject {
  return {
    kind: 'container',
    name: `${identity.name}-${service}-1`,
    service,
    labels: labelsFor(identity, service),
    image: 'demo/shell:latest',
    create: runs('trap "exit 0" TERM; sleep 3600 & wait'),
    networks: [],
    files: [],
    ports: [],
    suspended: false,
    postStart: [],
    ...changes,
  }
}

/** The `create` of a container that runs this line in a shell. */
export function runs(line: string, restart = 'no'): Record<string, unknown> {
  return { Entrypoint: ['sh', '-c'], Cmd: [line], HostConfig: { RestartPolicy: { Name: restart } } }
}

export function network(identity: SystemIdentity, changes: Partial<NetworkObject> = {}): NetworkObject {
  return {
    kind: 'network',
    name: `${identity.name}_default`,
    labels: labelsFor(identity),
    external: false,
    driver: 'bridge',
    options: {},
    internal: false,
    enableIpv6: false,
    subnets: null,
    ipam: { driver: 'default', options: {} },
    ...changes,
  }
}

export function attached(to: NetworkObject, ...aliases: string[]): ContainerObject['networks'][number] {
  return {
    network: to.name,
    aliases,
    ...{ ipv4: null, ipv6: null, macAddress: null, linkLocalIps: [] },
    ...{ driverOptions: {}, gatewayPriority: null },
  }
}

export function volume(identity: SystemIdentity, name: string): VolumeObject {
  const { [LABEL.sid]: _none, ...labels } = labelsFor(identity)
  return {
    kind: 'volume',
    name: `${identity.name}_${name}`,
    labels,
    external: false,
    driver: 'local',
    driverOptions: {},
  }
}

export function stageOf(...objects: EngineObject[]): Stage {
  const manifests = objects.map(
    (object): Manifest => ({
      subject: subjectOf(object),
      path: object.kind === 'container' ? `services.${object.service}` : object.kind,
      body: object,
    }),
  )
  const services = objects.flatMap((object) => (object.kind === 'container' ? [object.service] : []))
  return { services: [...new Set(services)], requires: [], manifests }
}

export function toApply(
  identity: SystemIdentity,
  stage: Stage,
  changes: Partial<ApplyInput> = {},
): ApplyInput {
  const fence = { job: 'job-1', sid: identity.sid, attempt: 1, check: async () => {} }
  return { identity, stage, mode: 'create', fence, memo: {}, ...changes }
}

export function image(
  identity: SystemIdentity,
  name: string,
  changes: Partial<ImageObject> = {},
): ImageObject {
  const labels = labelsFor(identity)
  return { kind: 'image', name, labels, platform: null, pull: 'missing', build: null, ...changes }
}

export function files(identity: SystemIdentity, entries: FilesObject['entries']): FilesObject {
  const name = `${identity.name}-files-${Object.keys(entries).length}`
  return { kind: 'files', name, labels: labelsFor(identity), image: 'demo/shell:latest', entries }
}
