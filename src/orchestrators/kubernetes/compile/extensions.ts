// What a Compose file may say to Kubernetes beside the specification: `x-k8s`, and the keys of the first Tycho. The
// front end gets these schemas as an argument and checks the file against them; the compiler reads what they describe.

import { type Static, type TSchema, Type } from 'typebox'
import { Value } from 'typebox/value'
import type { Complaint, ExtensionLevel } from '../../../system/extensions.ts'
import { OriginalExtension, OriginalSecurity } from './original-extension.ts'

export const X_K8S = 'x-k8s'

const strict = { additionalProperties: false }
const Texts = Type.Record(Type.String(), Type.String())
const Port = Type.Union([Type.Integer({ minimum: 1, maximum: 65535 }), Type.String()])

const Toleration = Type.Object(
  {
    key: Type.Optional(Type.String()),
    operator: Type.Optional(Type.Enum(['Exists', 'Equal'])),
    value: Type.Optional(Type.String()),
    effect: Type.Optional(Type.Enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute'])),
    tolerationSeconds: Type.Optional(Type.Integer()),
  },
  strict,
)

/** Of all pods, or of one service's. */
export const PodSecurity = Type.Object(
  {
    runAsUser: Type.Optional(Type.Integer({ minimum: 0 })),
    runAsGroup: Type.Optional(Type.Integer({ minimum: 0 })),
    fsGroup: Type.Optional(Type.Integer({ minimum: 0 })),
    runAsNonRoot: Type.Optional(Type.Boolean()),
    supplementalGroups: Type.Optional(Type.Array(Type.Integer({ minimum: 0 }))),
  },
  strict,
)
export type PodSecurity = Static<typeof PodSecurity>

const Probe = Type.Object(
  {
    exec: Type.Optional(Type.Object({ command: Type.Array(Type.String()) }, strict)),
    httpGet: Type.Optional(
      Type.Object(
        {
          path: Type.Optional(Type.String()),
          port: Port,
          scheme: Type.Optional(Type.Enum(['HTTP', 'HTTPS'])),
          host: Type.Optional(Type.String()),
          httpHeaders: Type.Optional(
            Type.Array(Type.Object({ name: Type.String(), value: Type.String() }, strict)),
          ),
        },
        strict,
      ),
    ),
    tcpSocket: Type.Optional(Type.Object({ port: Port, host: Type.Optional(Type.String()) }, strict)),
    initialDelaySeconds: Type.Optional(Type.Integer({ minimum: 0 })),
    periodSeconds: Type.Optional(Type.Integer({ minimum: 1 })),
    timeoutSeconds: Type.Optional(Type.Integer({ minimum: 1 })),
    successThreshold: Type.Optional(Type.Integer({ minimum: 1 })),
    failureThreshold: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  strict,
)

/** Where pods may run, and as whom. */
const placing = {
  nodeSelector: Type.Optional(Texts),
  tolerations: Type.Optional(Type.Array(Toleration)),
  serviceAccount: Type.Optional(Type.String()),
  imagePullSecrets: Type.Optional(Type.Array(Type.String())),
  podSecurity: Type.Optional(PodSecurity),
}

/** Five fields, or a word for them (https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax). */
export const SCHEDULE =
  /^(?:[-*,/?\dA-Za-z]+(?: +[-*,/?\dA-Za-z]+){4}|@(?:yearly|annually|monthly|weekly|daily|midnight|hourly))$/

/** `x-k8s` at the top: of all services. */
export const SystemExtension = Type.Object({ ...placing, ingressClass: Type.Optional(Type.String()) }, strict)
export type SystemExtension = Static<typeof SystemExtension>

export const ServiceExtension = Type.Object(
  {
    ...placing,
    image: Type.Optional(Type.String()),
    controller: Type.Optional(Type.Enum(['deployment', 'statefulset', 'daemonset'])),
    schedule: Type.Optional(Type.String({ pattern: SCHEDULE.source })),
    concurrencyPolicy: Type.Optional(Type.Enum(['Allow', 'Forbid', 'Replace'])),
    liveness: Type.Optional(Probe),
    readiness: Type.Optional(Probe),
    startup: Type.Optional(Probe),
    stopByKill: Type.Optional(Type.Boolean()),
  },
  strict,
)
export type ServiceExtension = Static<typeof ServiceExtension>

export const VolumeExtension = Type.Object(
  {
    size: Type.Optional(Type.Union([Type.String(), Type.Integer({ minimum: 1 })])),
    storageClass: Type.Optional(Type.String()),
    accessMode: Type.Optional(
      Type.Enum(['ReadWriteOnce', 'ReadWriteMany', 'ReadOnlyMany', 'ReadWriteOncePod']),
    ),
    selector: Type.Optional(Texts),
  },
  strict,
)
export type VolumeExtension = Static<typeof VolumeExtension>

export const PortExtension = Type.Object(
  {
    host: Type.Optional(Type.String()),
    path: Type.Optional(Type.String()),
    tlsSecret: Type.Optional(Type.String()),
    ingressClass: Type.Optional(Type.String()),
    nodePort: Type.Optional(Type.Integer({ minimum: 1, maximum: 65535 })),
  },
  strict,
)
export type PortExtension = Static<typeof PortExtension>

/** Keys of the first Tycho, by where they stand. */
export const ORIGINAL_KEYS = { system: 'security_context', service: 'ext' } as const

const SCHEMAS: Readonly<Record<ExtensionLevel, Readonly<Record<string, TSchema>>>> = {
  system: { [X_K8S]: SystemExtension, security_context: OriginalSecurity },
  service: { [X_K8S]: ServiceExtension, ext: OriginalExtension },
  volume: { [X_K8S]: VolumeExtension },
  port: { [X_K8S]: PortExtension },
}

/**
 * Whether what a file says to Kubernetes has the shape that the compiler reads. The front end asks this (`ComposeInput`),
 * and knows the line; the compiler takes it that it was asked.
 */
export function checkExtension(level: ExtensionLevel, key: string, value: unknown): Complaint[] {
  const schema = SCHEMAS[level][key]
  const complaints = schema ? Value.Errors(schema, value).flatMap(toComplaints) : []
  // Each branch of a choice complains: one complaint per place is enough.
  return [...new Map(complaints.map((complaint) => [complaint.path, complaint])).values()]
}

type SchemaError = ReturnType<typeof Value.Errors>[number]

function toComplaints(error: SchemaError): Complaint[] {
  const path = toKeyPath(error.instancePath)
  switch (error.keyword) {
    case 'additionalProperties': {
      const unknown = error.params.additionalProperties
      return unknown.map((key) => ({
        path: path === '' ? key : `${path}.${key}`,
        message: 'is no key that is read here: remove it',
      }))
    }
    case 'enum':
      return [{ path, message: `must be one of ${error.params.allowedValues.join(', ')}` }]
    case 'anyOf':
    case 'pattern':
      return [{ path, message: 'has a form that is not read here' }]
    default:
      return [{ path, message: error.message }]
  }
}

/** `/tolerations/0/effect` is `tolerations[0].effect` (RFC 6901). */
function toKeyPath(pointer: string): string {
  const segments = pointer.split('/').slice(1)
  const names = segments.map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
  const path = names.map((name) => (/^\d+$/.test(name) ? `[${name}]` : `.${name}`)).join('')
  return path.replace(/^\./, '')
}
