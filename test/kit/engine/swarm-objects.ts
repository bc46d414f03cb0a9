/** Objects of a swarm as the compiler gives them, for tests of the engine's side alone. */
import { LABEL } from '../../../src/orchestrators/docker/labels.ts'
import type {
  FileObject,
  ServiceObject,
  SwarmObject,
} from '../../../src/orchestrators/docker/swarm/objects.ts'
import type { Stage } from '../../../src/orchestrators/orchestrator.ts'
import type { SystemIdentity } from '../../../src/system/spec.ts'
import { labelsFor } from './objects.ts'

export type ServiceGiven = {
  line?: string
  image?: string
  restart?: 'any' | 'none'
  replicas?: number
  published?: { target: number; port?: number }
  changes?: Partial<ServiceObject>
}

const waits = 'trap "exit 0" TERM; sleep 3600 & wait'

/** A service of one task that waits until it is stopped, unless it is given otherwise. */
export function swarmService(
  identity: SystemIdentity,
  service: string,
  given: ServiceGiven = {},
): ServiceObject {
  const {
    line = waits,
    image = 'demo/shell:latest',
    restart = 'any',
    replicas = 1,
    published,
    changes,
  } = given
  const labels = { ...labelsFor(identity, service), [LABEL.hash]: JSON.stringify(given).slice(0, 60) }
  const command = image === 'demo/shell:latest' ? { Command: ['sh', '-c', line] } : {}
  const ports = published && [
    { Protocol: 'tcp', TargetPort: published.target, PublishedPort: published.port, PublishMode: 'host' },
  ]
  return {
    kind: 'service',
    name: `${identity.name}-${service}`,
    service,
    labels,
    spec: {
      TaskTemplate: {
        ContainerSpec: {
          Image: image,
          ...command,
          Labels: labelsFor(identity, service),
          StopGracePeriod: 2e9,
        },
        RestartPolicy: { Condition: restart, Delay: 1e8 },
      },
      Mode: { Replicated: { Replicas: replicas } },
      EndpointSpec: { Mode: 'dnsrr', ...(ports && { Ports: ports }) },
    },
    networks: [],
    files: [],
    suspended: false,
    ...changes,
  }
}

export function swarmFile(identity: SystemIdentity, kind: FileObject['kind'], content: string): FileObject {
  const name = `${identity.name}-${kind}`
  return { kind, name, labels: labelsFor(identity), external: false, content }
}

export function swarmStage(...objects: SwarmObject[]): Stage {
  const manifests = objects.map((object) => ({
    subject: `${object.kind}/${object.name}`,
    path: object.kind === 'service' ? `services.${object.service}` : object.kind,
    body: object,
  }))
  const services = objects.flatMap((object) => (object.kind === 'service' ? [object.service] : []))
  return { services, requires: [], manifests }
}
