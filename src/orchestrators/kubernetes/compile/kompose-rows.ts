// Kompose's labels of a service as a table: what each must be, and what of the service it stands for
// (https://kompose.io/user-guide/#labels).
import type { Healthcheck, ServiceSpec } from '../../../system/spec.ts'
import { type ServiceExtension, X_K8S } from './extensions.ts'
import { KOMPOSE } from './kompose.ts'
import type { Read } from './kompose-values.ts'
import {
  bool,
  count,
  duration,
  id,
  like,
  oneOf,
  percent,
  port,
  quantity,
  text,
  words,
} from './kompose-values.ts'

/** `expects` ends the sentence "it must be …". `change` is left out of what is read where it is needed. */
export type KomposeRow = {
  label: string
  expects: string
  isRead(given: string): boolean
  change(service: ServiceSpec, given: string): ServiceSpec
}

function row<T>(
  label: string,
  expects: string,
  read: Read<T>,
  change: (service: ServiceSpec, value: T) => ServiceSpec = (service) => service,
): KomposeRow {
  return {
    label,
    expects,
    isRead: (given) => read(given) !== undefined,
    change: (service, given) => {
      const value = read(given)
      return value === undefined ? service : change(service, value)
    },
  }
}

const A_PORT = 'a port from 1 to 65535'
const A_TIME = 'a time as `10s`'
const A_PERCENTAGE = 'a percentage from 1 to 100'
const A_COUNT = 'a number from 1'

/** As Docker has them (https://docs.docker.com/reference/dockerfile/#healthcheck). */
const USUAL: Healthcheck = {
  test: { kind: 'exec', argv: ['true'] },
  intervalMs: 30_000,
  timeoutMs: 30_000,
  retries: 3,
  startPeriodMs: 0,
  startIntervalMs: 5_000,
}

/** Timings speak of a check that is there; what is to be checked makes one. */
function timed<Key extends keyof Healthcheck>(
  label: string,
  expects: string,
  read: Read<Healthcheck[Key]>,
  key: Key,
) {
  return row(label, expects, read, (service, value) =>
    service.healthcheck ? { ...service, healthcheck: { ...service.healthcheck, [key]: value } } : service,
  )
}

function checked(label: string) {
  return row(label, A_PORT, port, (service) => ({ ...service, healthcheck: service.healthcheck ?? USUAL }))
}

function withTest(service: ServiceSpec, given: string): ServiceSpec {
  const command = given.replace(/^CMD(?:-SHELL)?\s+/, '')
  return { ...service, healthcheck: { ...(service.healthcheck ?? USUAL), test: { kind: 'shell', command } } }
}

/** What `x-k8s` says itself comes first. */
function withFileGroup(service: ServiceSpec, fsGroup: number): ServiceSpec {
  const own = (service.extensions[X_K8S] ?? {}) as ServiceExtension
  const extension = { ...own, podSecurity: { fsGroup, ...own.podSecurity } }
  return { ...service, extensions: { ...service.extensions, [X_K8S]: extension } }
}

function withPart(service: ServiceSpec, subpath: string): ServiceSpec {
  const mounts = service.mounts.map((mount) =>
    mount.type === 'volume' || mount.type === 'claim'
      ? { ...mount, subpath: mount.subpath ?? subpath }
      : mount,
  )
  return { ...service, mounts }
}

/** Room that goes with the pod, in place of what stays. */
function withoutVolumes(service: ServiceSpec, kind: string): ServiceSpec {
  if (kind !== 'emptyDir') return service
  const mounts = service.mounts.map((mount) =>
    mount.type === 'volume' ? { ...mount, volume: null, subpath: null } : mount,
  )
  return { ...service, mounts }
}

function withHostPorts(service: ServiceSpec, isAsked: boolean): ServiceSpec {
  if (!isAsked) return service
  return { ...service, ports: service.ports.map((one) => ({ ...one, mode: 'host' as const })) }
}

/** In the order in which they are applied. */
export const KOMPOSE_ROWS: readonly KomposeRow[] = [
  row(
    KOMPOSE.pullPolicy,
    'Always, Never or IfNotPresent',
    oneOf({ always: 'always', never: 'never', ifnotpresent: 'missing' } as const),
    (service, when) => ({ ...service, pullPolicy: { when } }),
  ),
  row(KOMPOSE.hostPorts, '`true` or `false`', bool, withHostPorts),
  row(
    KOMPOSE.nameOverride,
    'a name of at most 52 small letters, digits and hyphens that begins with a letter',
    like(/^[a-z](?:[-a-z0-9]{0,50}[a-z0-9])?$/),
  ),
  row(KOMPOSE.fileGroup, 'the number of a group', id, withFileGroup),
  row(KOMPOSE.livenessPath, 'a path that begins with `/`', like(/^\//)),
  row(KOMPOSE.livenessPort, A_PORT, port),
  row(KOMPOSE.livenessTcp, A_PORT, port),
  row(KOMPOSE.readinessTest, 'a command', text, withTest),
  row(KOMPOSE.readinessPath, 'a path that begins with `/`', like(/^\//)),
  checked(KOMPOSE.readinessPort),
  checked(KOMPOSE.readinessTcp),
  timed(KOMPOSE.readinessInterval, A_TIME, duration, 'intervalMs'),
  timed(KOMPOSE.readinessTimeout, A_TIME, duration, 'timeoutMs'),
  timed(KOMPOSE.readinessRetries, A_COUNT, count, 'retries'),
  timed(KOMPOSE.readinessStart, A_TIME, duration, 'startPeriodMs'),
  row(KOMPOSE.readinessOff, '`true` or `false`', bool, (service, isOff) =>
    isOff ? { ...service, healthcheck: null } : service,
  ),
  row(KOMPOSE.volumePart, 'a path within the volume', like(/^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$)).+$/), withPart),
  row(
    KOMPOSE.volumeType,
    'persistentVolumeClaim, emptyDir, hostPath or configMap',
    oneOf({
      persistentvolumeclaim: 'persistentVolumeClaim',
      emptydir: 'emptyDir',
      hostpath: 'hostPath',
      configmap: 'configMap',
    }),
    withoutVolumes,
  ),
  row(KOMPOSE.volumeSize, 'a size as `10Gi`', quantity),
  row(
    KOMPOSE.initName,
    'a name of small letters, digits and hyphens',
    like(/^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/),
  ),
  row(KOMPOSE.initImage, 'an image', text),
  row(KOMPOSE.initCommand, 'a command', words),
  row(KOMPOSE.scaleCpu, A_PERCENTAGE, percent),
  row(KOMPOSE.scaleMemory, A_PERCENTAGE, percent),
  row(KOMPOSE.scaleMin, A_COUNT, count),
  row(KOMPOSE.scaleMax, A_COUNT, count),
]
