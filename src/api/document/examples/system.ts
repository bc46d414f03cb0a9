// A system, the job that has started it, and what it was started from.
export const composeText = [
  'name: hello',
  'services:',
  '  web:',
  '    image: demo/hello',
  '    ports: ["80"]',
  '    environment:',
  '      GREETING: ${GREETING:-Hello}',
  '',
].join('\n')

const sid = 'd494d044d6118bdc58424a11cb74a4ac'
const id = '01m8gp3xs8ev5wkcwxmtqf2ed3'
const system = { name: 'hello', sid, href: '/v1/systems/hello' }
const tenant = 'physics'

export const endpoint = {
  service: 'web',
  containerPort: 80,
  protocol: 'tcp',
  port: 30080,
  url: 'http://192.0.2.10:30080',
}

const changes = [
  { subject: 'Deployment/hello-web', action: 'created' },
  { subject: 'Service/hello-web', action: 'created' },
]

export const job = {
  id,
  kind: 'system.start',
  status: 'succeeded',
  done: true,
  system,
  tenant,
  revision: 1795856402904,
  attempt: 1,
  maxAttempts: 8,
  progress: { step: 'done', percent: 100, message: 'started', services: { web: { readiness: 'ready' } } },
  createdAt: '2026-11-28T08:59:58.120Z',
  startedAt: '2026-11-28T08:59:58.131Z',
  finishedAt: '2026-11-28T09:00:02.904Z',
  keptUntil: '2026-12-05T09:00:02.904Z',
  timings: { queuedMs: 11, compileMs: 9, applyMs: 64, waitMs: 4700 },
  problems: [],
  result: { endpoints: [endpoint], containers: { web: { port: 30080 } }, changes },
}

/** As a 202 shows it. */
export const queuedJob = {
  id,
  kind: 'system.start',
  status: 'queued',
  done: false,
  system,
  tenant,
  revision: 1795856398120,
  attempt: 0,
  maxAttempts: 8,
  progress: { step: 'queued', percent: 0, message: 'waits for a worker', services: {} },
  createdAt: job.createdAt,
  timings: { queuedMs: 0, compileMs: 0, applyMs: 0, waitMs: 0 },
  problems: [],
}

export const shownSystem = {
  name: 'hello',
  sid,
  tenant,
  phase: 'running',
  readiness: 'ready',
  exposure: 'nodePort',
  endpoints: [endpoint],
  services: { web: { readiness: 'ready', dependsOn: [] } },
  labels: { course: 'physics-101' },
  job: { id, href: `/v1/jobs/${id}` },
  createdAt: job.createdAt,
  updatedAt: job.finishedAt,
}

export const manifests = [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'hello-web', namespace: 'physics', labels: { 'tycho.io/system': 'hello' } },
    spec: { type: 'NodePort', ports: [{ port: 80, targetPort: 80, protocol: 'TCP' }] },
  },
]

export const manifestsText = [
  'apiVersion: v1',
  'kind: Service',
  'metadata:',
  '  name: hello-web',
  'spec:',
  '  type: NodePort',
  '',
].join('\n')
