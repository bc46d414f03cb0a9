// Hosts that are given out after the apply, as a load balancer's address is: a job waits for them, and the URLs of its
// endpoints follow. Pure.
import type { Endpoint } from '../system/endpoint.ts'
import type { Reason, ServiceState } from '../system/readiness.ts'
import type { JobRecord, ServiceProgress } from './job.ts'

const AWAITED: Reason = {
  code: 'WAITS_FOR_ADDRESS',
  message: 'Its load balancer has no address yet: the cluster gives it one, if it has load balancers',
}

/** The endpoints with the hosts that are known now; the same array where nothing is new. */
export function withHosts(endpoints: Endpoint[], states: Readonly<Record<string, ServiceState>>): Endpoint[] {
  const known = endpoints.map((endpoint) => withHost(endpoint, states[endpoint.service]?.host))
  return known.some((endpoint, at) => endpoint !== endpoints[at]) ? known : endpoints
}

function withHost(endpoint: Endpoint, host: string | undefined): Endpoint {
  if (host === undefined || endpoint.protocol !== 'tcp') return endpoint
  const url = `http://${host}:${endpoint.port}`
  return url === endpoint.url ? endpoint : { ...endpoint, url }
}

/** How far a service is: one that runs, but without the host that its job waits for, is not ready. */
export function untilHost(progress: ServiceProgress, name: string, job: JobRecord): ServiceProgress {
  if (progress.readiness !== 'ready' || !job.awaitsHost.includes(name)) return progress
  const isAwaited = job.endpoints.some(
    ({ service, protocol, url }) => service === name && protocol === 'tcp' && url === null,
  )
  return isAwaited ? { readiness: 'pending', reason: AWAITED } : progress
}
