// The original's answers: everything in one envelope.
import type { JobRecord } from '../../jobs/job.ts'
import { containersOf } from '../../jobs/job-view.ts'
import type { Problem } from '../../problem.ts'
import type { Endpoint } from '../../system/endpoint.ts'
import type { SystemRecord } from '../../system/system.ts'
import type { ErrorBody } from '../plugins/errors.ts'
import type { OriginalError, StartResult, SystemStatus } from '../schemas/original.ts'
import { readinessOf } from '../system-view.ts'
import { appLabel } from './start-request.ts'
import type { Utilization } from './utilization.ts'

export function success<T>(result: T, message: string) {
  return { status: 'success' as const, result, message }
}

export const toErrorEnvelope: ErrorBody = (error, request) => {
  const body: OriginalError = {
    status: 'error',
    result: {
      error: error.message,
      code: error.code,
      requestId: request.id,
      problems: error.problems.map(toRemark),
    },
    message: error.message,
  }
  return { mediaType: 'application/json', body }
}

/** What the start has so far: node ports are known before the system is ready. */
export function toStartResult(job: JobRecord): StartResult {
  const containers = Object.entries(containersOf(job.endpoints)).map(([service, ports]) => {
    const endpoint = job.endpoints.find((one) => one.service === service)
    return [service, { ip_address: hostOf(endpoint), ...ports }] as const
  })
  return {
    name: job.system.name,
    sid: job.system.sid,
    containers: Object.fromEntries(containers),
    conn_string: job.endpoints[0]?.url ?? '',
  }
}

function toRemark({ code, path, message }: Problem) {
  return { code, path, message }
}

export function toSystemStatus(system: SystemRecord, utilization: Utilization): SystemStatus {
  const [endpoint] = system.endpoints
  return {
    name: system.name,
    sid: system.sid,
    app_id: system.labels[appLabel] ?? system.name,
    ip_address: hostOf(endpoint),
    port: endpoint ? String(endpoint.port) : null,
    creation_time: toOriginalTime(system.createdAt),
    username: system.principal,
    utilization,
    is_ready: readinessOf(system) === 'ready',
    workspace_name: '',
  }
}

function hostOf(endpoint: Endpoint | undefined): string | null {
  return endpoint?.url ? new URL(endpoint.url).hostname : null
}

/** Month-day-year hour:minute:second without leading zeros, in UTC, as the original wrote it. */
function toOriginalTime(ms: number): string {
  const time = new Date(ms)
  const day = `${time.getUTCMonth() + 1}-${time.getUTCDate()}-${time.getUTCFullYear()}`
  return `${day} ${time.getUTCHours()}:${time.getUTCMinutes()}:${time.getUTCSeconds()}`
}
