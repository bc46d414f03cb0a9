// What becomes of every key that the model carries, and of which remarks it can be the subject. Everything the
// compiler reports is a row here: nothing is dropped without one.
import type { Problem, Severity } from '../../../problem.ts'

/** How a key fares. What is `error` can't be done; what is `policy` could be, if the operator allowed it. */
export type Disposition = 'map+warn' | 'map+info' | 'ignore+info' | 'error' | 'policy'

export type Row = { becomes: string; remarks: Readonly<Record<string, Disposition>> }

/** Compose path (`*` is any key or index) to what becomes of it. */
export const dispositions = {
  'services.*': {
    becomes: 'a Deployment or a Job; the name: its host name, object name and labels',
    remarks: {
      INVALID_SERVICE_NAME: 'error',
      SERVICE_RENAMED: 'map+warn',
      DNS_ADDRESS_UNKNOWN: 'map+warn',
    },
  },
  'services.*.image': { becomes: 'containers[].image', remarks: {} },
  'services.*.command': { becomes: 'containers[].args', remarks: { COMMAND_CLEARED: 'error' } },
  'services.*.entrypoint': { becomes: 'containers[].command', remarks: { ENTRYPOINT_CLEARED: 'error' } },
  'services.*.environment.*': {
    becomes: 'containers[].env[]',
    remarks: { INVALID_VARIABLE_NAME: 'error' },
  },
  'services.*.ports.*': {
    becomes: 'containers[].ports[] and V1Service ports[]',
    remarks: { NOT_SUPPORTED_YET: 'error', MIXED_PROTOCOLS: 'error' },
  },
  'services.*.ports.*.target': { becomes: 'containerPort and V1Service targetPort', remarks: {} },
  'services.*.ports.*.published': {
    becomes: 'V1Service port',
    remarks: { PORT_RANGE_FIRST: 'map+info', PORT_PUBLISHED_TWICE: 'error' },
  },
  'services.*.ports.*.protocol': { becomes: 'protocol of both', remarks: {} },
  'services.*.ports.*.hostIp': {
    becomes: 'nothing',
    remarks: { PORT_NOT_EXPOSED: 'ignore+info', HOST_IP_IGNORED: 'map+warn' },
  },
  'services.*.ports.*.name': { becomes: 'V1Service port name', remarks: { PORT_NAME_CHANGED: 'map+warn' } },
  'services.*.ports.*.appProtocol': {
    becomes: 'V1Service appProtocol',
    remarks: { INVALID_APP_PROTOCOL: 'error' },
  },
  'services.*.ports.*.mode': {
    becomes: 'the exposure of the request',
    remarks: { HOST_PORT_REFUSED: 'policy' },
  },
  'services.*.expose.*': { becomes: 'containers[].ports[]', remarks: {} },
  'services.*.replicas': { becomes: 'Deployment replicas; Job parallelism and completions', remarks: {} },
  'services.*.resources.limits.cpus': { becomes: 'resources.limits.cpu', remarks: {} },
  'services.*.resources.limits.memoryBytes': { becomes: 'resources.limits.memory', remarks: {} },
  'services.*.resources.limits.pids': {
    becomes: 'nothing: a setting of the node',
    remarks: { PIDS_LIMIT_IGNORED: 'map+warn' },
  },
  'services.*.resources.reservations.cpus': {
    becomes: 'resources.requests.cpu',
    remarks: {},
  },
  'services.*.resources.reservations.memoryBytes': {
    becomes: 'resources.requests.memory',
    remarks: {},
  },
  'services.*.resources.reservations.pids': {
    becomes: 'nothing: no such key in the specification',
    remarks: {},
  },
  'services.*.restart': {
    becomes: 'the choice between Deployment and Job; restartPolicy and backoffLimit',
    remarks: { RESTART_DEFAULT: 'map+info', RESTARTS_ALWAYS: 'map+warn' },
  },
  'services.*.healthcheck.test': { becomes: 'readinessProbe.exec.command', remarks: {} },
  'services.*.healthcheck.intervalMs': {
    becomes: 'readinessProbe.periodSeconds',
    remarks: { DURATION_ROUNDED: 'map+info' },
  },
  'services.*.healthcheck.timeoutMs': {
    becomes: 'readinessProbe.timeoutSeconds',
    remarks: { DURATION_ROUNDED: 'map+info' },
  },
  'services.*.healthcheck.retries': { becomes: 'readinessProbe.failureThreshold', remarks: {} },
  'services.*.healthcheck.startPeriodMs': {
    becomes: 'nothing: a pod that is not ready yet is left alone',
    remarks: {},
  },
  'services.*.healthcheck.startIntervalMs': {
    becomes: 'nothing: a probe has one interval',
    remarks: { START_INTERVAL_IGNORED: 'ignore+info' },
  },
  'services.*.dependsOn.*.condition': {
    becomes: 'requirements of the stage',
    remarks: { DEPENDENCY_NEVER_COMPLETES: 'error', HEALTHY_WITHOUT_HEALTHCHECK: 'map+warn' },
  },
  'services.*.dependsOn.*.required': {
    becomes: 'the order of stages without a requirement',
    remarks: { OPTIONAL_DEPENDENCY: 'map+warn' },
  },
  'services.*.dependsOn.*.restart': {
    becomes: 'an annotation of the pod template with a hash of the dependency',
    remarks: {},
  },
  'services.*.extensions.*': { becomes: 'nothing', remarks: { NO_EFFECT: 'ignore+info' } },
  'extensions.*': { becomes: 'nothing', remarks: { NO_EFFECT: 'ignore+info' } },
  name: { becomes: 'the name of the system, which the request may set', remarks: {} },
} as const satisfies Record<string, Row>

type Rows = typeof dispositions
export type Code = { [Key in keyof Rows]: keyof Rows[Key]['remarks'] }[keyof Rows]

const severities: Record<Disposition, Severity> = {
  'map+warn': 'warning',
  'map+info': 'info',
  'ignore+info': 'info',
  error: 'error',
  policy: 'error',
}

/** A Problem of a code in the table; `path` is a Compose path (`services.web.ports[0]`). */
export function remark(code: Code, path: string, message: string): Problem {
  return { code, severity: severities[dispositionOf(code)], path, message }
}

/** Throws on a code without a row, which the type of `code` rules out. */
export function dispositionOf(code: string): Disposition {
  for (const { remarks } of Object.values<Row>(dispositions)) {
    const disposition = remarks[code]
    if (disposition) return disposition
  }
  throw new Error(`no disposition for ${code}`)
}
