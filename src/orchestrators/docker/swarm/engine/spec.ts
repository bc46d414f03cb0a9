// The body of `POST /services/create`: what the compiler gives, with the ids of its files and networks, and with its ports.
// Pure.
import { choosePort, type PortRange } from '../../engine/host-ports.ts'
import type { Labels } from '../../engine/live.ts'
import type { FileObject, ServiceObject } from '../objects.ts'
import type { LiveService, ServicePort } from './live.ts'

type Tree = Record<string, unknown>

export type ServiceParts = {
  labels: Labels
  /** `config/name` or `secret/name` -> id. */
  fileIds: ReadonlyMap<string, string>
  /** Name -> id. */
  networkIds: ReadonlyMap<string, string>
  ports: readonly ServicePort[]
}

export function toServiceBody(
  { name, spec, files, networks, suspended }: ServiceObject,
  { labels, fileIds, networkIds, ports }: ServiceParts,
): Tree {
  const template = (spec.TaskTemplate ?? {}) as Tree
  const container = (template.ContainerSpec ?? {}) as Tree
  const mode = spec.Mode as { Replicated?: object } | undefined
  const granted = (kind: FileObject['kind'], idKey: string, nameKey: string) =>
    files
      .filter((file) => file.kind === kind)
      .map(({ file, target, uid, gid, mode: bits }) => ({
        [idKey]: fileIds.get(`${kind}/${file}`),
        [nameKey]: file,
        File: { Name: target, UID: uid, GID: gid, Mode: bits },
      }))
  const attached = networks.map(({ network, aliases, driverOptions }) => ({
    Target: networkIds.get(network) ?? network,
    Aliases: aliases,
    ...(Object.keys(driverOptions).length > 0 && { DriverOpts: driverOptions }),
  }))
  return {
    ...spec,
    Name: name,
    Labels: labels,
    TaskTemplate: {
      ...template,
      ContainerSpec: {
        ...container,
        Configs: granted('config', 'ConfigID', 'ConfigName'),
        Secrets: granted('secret', 'SecretID', 'SecretName'),
      },
      ...(attached.length > 0 && { Networks: attached }),
    },
    ...(suspended && (mode === undefined || mode.Replicated) && { Mode: { Replicated: { Replicas: 0 } } }),
    EndpointSpec: { ...((spec.EndpointSpec as Tree | undefined) ?? {}), Ports: ports },
  }
}

/** A number that was asked for and could not be had, and who has it; null: nobody who is known here. */
export type Displaced = { asked: number; protocol: string; number: number; holder: string | null }

/**
 * Ports in host mode that ask for none, or for one that is taken, get one of the range, which stays as it was `before`;
 * those of the mesh are left to the swarm. Undefined where all are taken. `held`: number and protocol -> by whom.
 */
export function choosePorts(
  { spec }: ServiceObject,
  range: PortRange,
  held: ReadonlyMap<string, string>,
  before: LiveService | undefined,
): { ports: ServicePort[]; displaced: Displaced[] } | undefined {
  const asked = ((spec.EndpointSpec as { Ports?: ServicePort[] } | undefined)?.Ports ?? []).slice()
  const own = new Set<string>()
  const ports: ServicePort[] = []
  const displaced: Displaced[] = []
  for (const port of asked) {
    if (port.PublishMode !== 'host') {
      ports.push(port)
      continue
    }
    const protocol = port.Protocol ?? 'tcp'
    const isTaken = (number: number) => held.has(`${number}/${protocol}`) || own.has(`${number}/${protocol}`)
    const wanted = port.PublishedPort || null
    const had = (before?.Spec.EndpointSpec?.Ports ?? [])
      .filter((one) => one.TargetPort === port.TargetPort && (one.Protocol ?? 'tcp') === protocol)
      .flatMap((one) => one.PublishedPort ?? [])
    const described = {
      containerPort: port.TargetPort ?? 0,
      protocol: protocol as 'tcp',
      hostIp: null,
      asked: wanted === null ? null : { from: wanted, to: wanted },
    }
    const choice = choosePort(described, range, isTaken, had)
    if (!choice) return undefined
    own.add(`${choice.number}/${protocol}`)
    ports.push({ ...port, PublishedPort: choice.number })
    if (!choice.isAsked && wanted !== null)
      displaced.push({
        asked: wanted,
        protocol,
        number: choice.number,
        holder: held.get(`${wanted}/${protocol}`) ?? null,
      })
  }
  return { ports, displaced }
}

/** Whether all that is wanted is there; what a manager adds of its own does not count, nor what stands for nothing. */
export function isPartOf(wanted: unknown, live: unknown): boolean {
  if (isNothing(wanted)) return isNothing(live)
  if (Array.isArray(wanted))
    return (
      Array.isArray(live) &&
      live.length === wanted.length &&
      wanted.every((item, index) => isPartOf(item, live[index]))
    )
  if (typeof wanted !== 'object') return wanted === live
  if (typeof live !== 'object' || live === null) return false
  return Object.entries(wanted as Tree).every(([key, value]) => isPartOf(value, (live as Tree)[key]))
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === 0 || value === '' || value === false) return true
  return typeof value === 'object' && Object.values(value).every(isNothing)
}
