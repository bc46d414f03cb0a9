// Kompose's labels that are read, for those who come from it (https://kompose.io/user-guide/#labels).

export const KOMPOSE = {
  type: 'kompose.service.type',
  nodePort: 'kompose.service.nodeport.port',
  trafficPolicy: 'kompose.service.external-traffic-policy',
  expose: 'kompose.service.expose',
  tlsSecret: 'kompose.service.expose.tls-secret',
  ingressClass: 'kompose.service.expose.ingress-class-name',
  group: 'kompose.service.group',
  controller: 'kompose.controller.type',
  schedule: 'kompose.cronjob.schedule',
  concurrencyPolicy: 'kompose.cronjob.concurrency_policy',
  backoffLimit: 'kompose.cronjob.backoff_limit',
  hostPorts: 'kompose.controller.port.expose',
  nameOverride: 'kompose.service.name_override',
  pullSecret: 'kompose.image-pull-secret',
  pullPolicy: 'kompose.image-pull-policy',
  account: 'kompose.serviceaccount-name',
  fileGroup: 'kompose.security-context.fsgroup',
  livenessPath: 'kompose.service.healthcheck.liveness.http_get_path',
  livenessPort: 'kompose.service.healthcheck.liveness.http_get_port',
  livenessTcp: 'kompose.service.healthcheck.liveness.tcp_port',
  readinessPath: 'kompose.service.healthcheck.readiness.http_get_path',
  readinessPort: 'kompose.service.healthcheck.readiness.http_get_port',
  readinessTcp: 'kompose.service.healthcheck.readiness.tcp_port',
  readinessTest: 'kompose.service.healthcheck.readiness.test',
  readinessInterval: 'kompose.service.healthcheck.readiness.interval',
  readinessTimeout: 'kompose.service.healthcheck.readiness.timeout',
  readinessRetries: 'kompose.service.healthcheck.readiness.retries',
  readinessStart: 'kompose.service.healthcheck.readiness.start_period',
  readinessOff: 'kompose.service.healthcheck.readiness.disable',
  volumeSize: 'kompose.volume.size',
  volumeClass: 'kompose.volume.storage-class-name',
  volumePart: 'kompose.volume.subpath',
  volumeType: 'kompose.volume.type',
  initName: 'kompose.init.containers.name',
  initImage: 'kompose.init.containers.image',
  initCommand: 'kompose.init.containers.command',
  scaleCpu: 'kompose.hpa.cpu',
  scaleMemory: 'kompose.hpa.memory',
  scaleMin: 'kompose.hpa.replicas.min',
  scaleMax: 'kompose.hpa.replicas.max',
} as const

/** Those that stand at `deploy.labels`. */
export const KOMPOSE_DEPLOY = {
  storageRequest: 'kompose.ephemeral-storage.request',
  storageLimit: 'kompose.ephemeral-storage.limit',
} as const

/** Those of a volume itself. */
export const KOMPOSE_VOLUME = {
  size: KOMPOSE.volumeSize,
  storageClass: KOMPOSE.volumeClass,
  selector: 'kompose.volume.selector',
} as const

const READ: Readonly<Record<'service' | 'deploy' | 'volume', ReadonlySet<string>>> = {
  service: new Set(Object.values(KOMPOSE)),
  deploy: new Set(Object.values(KOMPOSE_DEPLOY)),
  volume: new Set(Object.values(KOMPOSE_VOLUME)),
}

/** Each label is read where Kompose reads it, and nowhere else. */
export function isReadOfKompose(label: string, at: keyof typeof READ): boolean {
  return READ[at].has(label)
}
