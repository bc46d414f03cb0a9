// Keys of the first Tycho, which had no `x-`: `ext.kube` of a service (its probes) and `security_context` of all.
import type { V1Probe } from '@kubernetes/client-node'
import { type Static, Type } from 'typebox'
import type { Extensions } from '../../../system/spec.ts'
import type { PodSecurity } from './extensions.ts'

const strict = { additionalProperties: false }
const Port = Type.Union([Type.Integer({ minimum: 1, maximum: 65535 }), Type.String()])
const Seconds = Type.Integer({ minimum: 0 })
const Id = Type.Integer({ minimum: 0 })

/** Its own words (`cmd`, `delay`, `period`, `threshold`), and Kubernetes' for the same. */
const OriginalProbe = Type.Object(
  {
    cmd: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])),
    httpGet: Type.Optional(
      Type.Object(
        {
          path: Type.Optional(Type.String()),
          port: Type.Optional(Port),
          scheme: Type.Optional(Type.Enum(['HTTP', 'HTTPS'])),
          httpHeaders: Type.Optional(
            Type.Array(Type.Object({ name: Type.String(), value: Type.String() }, strict)),
          ),
        },
        strict,
      ),
    ),
    tcpSocket: Type.Optional(Type.Object({ port: Port }, strict)),
    delay: Type.Optional(Seconds),
    period: Type.Optional(Type.Integer({ minimum: 1 })),
    threshold: Type.Optional(Type.Integer({ minimum: 1 })),
    initialDelaySeconds: Type.Optional(Seconds),
    periodSeconds: Type.Optional(Type.Integer({ minimum: 1 })),
    timeoutSeconds: Type.Optional(Type.Integer({ minimum: 1 })),
    failureThreshold: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  strict,
)
type OriginalProbe = Static<typeof OriginalProbe>

/** `ext` of a service. */
export const OriginalExtension = Type.Object(
  {
    kube: Type.Optional(
      Type.Object(
        {
          livenessProbe: Type.Optional(OriginalProbe),
          readinessProbe: Type.Optional(OriginalProbe),
          startupProbe: Type.Optional(OriginalProbe),
        },
        strict,
      ),
    ),
  },
  strict,
)
type OriginalExtension = Static<typeof OriginalExtension>

/** `security_context` at the top, in either spelling. */
export const OriginalSecurity = Type.Object(
  {
    runAsUser: Type.Optional(Id),
    run_as_user: Type.Optional(Id),
    runAsGroup: Type.Optional(Id),
    run_as_group: Type.Optional(Id),
    fsGroup: Type.Optional(Id),
    fs_group: Type.Optional(Id),
  },
  strict,
)
type OriginalSecurity = Static<typeof OriginalSecurity>

type Probes = { liveness?: V1Probe; readiness?: V1Probe; startup?: V1Probe }

/** `ext.kube` in the words of `x-k8s`. */
export function toOriginalProbes({ ext }: Extensions): Probes {
  const { livenessProbe, readinessProbe, startupProbe } = (ext as OriginalExtension | undefined)?.kube ?? {}
  return {
    liveness: livenessProbe && toProbe(livenessProbe),
    readiness: readinessProbe && toProbe(readinessProbe),
    startup: startupProbe && toProbe(startupProbe),
  }
}

/** `security_context` in the words of `x-k8s.podSecurity`. */
export function toOriginalSecurity({ security_context }: Extensions): PodSecurity {
  const said = (security_context ?? {}) as OriginalSecurity
  return {
    runAsUser: said.runAsUser ?? said.run_as_user,
    runAsGroup: said.runAsGroup ?? said.run_as_group,
    fsGroup: said.fsGroup ?? said.fs_group,
  }
}

/** A page is asked for at `/` on port 80 where nothing else is said, as the first Tycho did. */
function toProbe({ cmd, httpGet, tcpSocket, delay, period, threshold, ...timings }: OriginalProbe): V1Probe {
  return {
    exec: cmd === undefined ? undefined : { command: Array.isArray(cmd) ? cmd : ['/bin/sh', '-c', cmd] },
    httpGet: httpGet && { ...httpGet, path: httpGet.path ?? '/', port: httpGet.port ?? 80 },
    tcpSocket,
    initialDelaySeconds: timings.initialDelaySeconds ?? delay,
    periodSeconds: timings.periodSeconds ?? period,
    timeoutSeconds: timings.timeoutSeconds,
    failureThreshold: timings.failureThreshold ?? threshold,
  }
}
