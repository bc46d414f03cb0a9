// The design's table of imports. A room is a part of the source; it may import itself and what its row names.

export type Room = {
  /** Files, as globs from the root; a file belongs to the first row that matches. */
  files: readonly string[]
  mayImport: readonly string[]
  /** Only as `import type`: what is handed on as an argument. */
  typesOf?: readonly string[]
  /** Only as `import()`. */
  mayLoad?: readonly string[]
}

const model = ['problem', 'system', 'jobs'] as const
const middle = ['compose', 'store', 'tasks', 'tenants', 'webhooks', 'port'] as const

export const rooms: Readonly<Record<string, Room>> = {
  'api main': {
    files: ['src/main.ts'],
    mayImport: [...model, 'api', 'dependencies', 'config', 'log', 'telemetry', 'run-main'],
  },
  'worker main': {
    files: ['workers/main.ts'],
    mayImport: [
      ...model,
      'workers',
      'webhooks',
      'dependencies',
      'config',
      'log',
      'telemetry',
      'run-main',
      'version',
    ],
  },
  'cli main': { files: ['src/cli/main.ts'], mayImport: ['cli', 'config', 'log'] },
  config: { files: ['src/config.ts'], mayImport: ['system'] },
  log: { files: ['src/log.ts'], mayImport: [] },
  telemetry: { files: ['src/telemetry/**'], mayImport: ['jobs', 'version'] },
  version: { files: ['src/version.ts'], mayImport: [] },
  signals: { files: ['src/signals.ts'], mayImport: [] },
  'run-main': { files: ['src/run-main.ts'], mayImport: ['signals'], typesOf: ['log'] },
  dependencies: {
    files: ['src/dependencies.ts'],
    mayImport: [...model, ...middle, 'orchestrator choice', 'config', 'log', 'telemetry'],
  },
  'orchestrator choice': {
    files: ['src/open-orchestrator.ts', 'src/choose-orchestrator.ts'],
    mayImport: [...model, ...middle, 'kubernetes', 'kubernetes engine', 'docker', 'swarm', 'telemetry'],
    typesOf: ['config', 'log'],
  },
  problem: { files: ['src/problem.ts'], mayImport: [] },
  system: { files: ['src/system/**'], mayImport: ['problem'] },
  jobs: { files: ['src/jobs/**'], mayImport: ['problem', 'system'] },
  compose: { files: ['src/compose/**'], mayImport: model },
  store: { files: ['src/store/**'], mayImport: model },
  tasks: { files: ['src/tasks/**'], mayImport: model },
  tenants: { files: ['src/tenants/**'], mayImport: model },
  webhooks: { files: ['src/webhooks/**'], mayImport: model },
  port: { files: ['src/orchestrators/orchestrator.ts'], mayImport: model },
  // What the engines of all orchestrators need alike: pauses, queues, the reading of logs, the words of reasons.
  'orchestrator parts': { files: ['src/orchestrators/shared/**'], mayImport: [...model, 'port'] },
  printing: { files: ['src/orchestrators/print.ts'], mayImport: [...model, 'port'] },
  'kubernetes words': {
    files: [
      'src/orchestrators/kubernetes/extensions.ts',
      'src/orchestrators/kubernetes/facts.ts',
      'src/orchestrators/kubernetes/labels.ts',
      'src/orchestrators/kubernetes/pod-amount.ts',
      'src/orchestrators/kubernetes/pod-template.ts',
      'src/orchestrators/kubernetes/pull-place.ts',
      'src/orchestrators/kubernetes/quantity.ts',
    ],
    mayImport: [...model, 'port'],
  },
  'kubernetes compiler': {
    files: ['src/orchestrators/kubernetes/compile/**'],
    mayImport: [...model, 'port', 'kubernetes words', 'orchestrator parts'],
  },
  'kubernetes engine': {
    files: ['src/orchestrators/kubernetes/cluster/**'],
    mayImport: [...model, 'port', 'kubernetes words', 'orchestrator parts'],
  },
  kubernetes: {
    files: ['src/orchestrators/kubernetes/*.ts'],
    mayImport: [
      ...model,
      'port',
      'orchestrator parts',
      'kubernetes words',
      'kubernetes compiler',
      'kubernetes engine',
    ],
  },
  'docker words': {
    files: [
      'src/orchestrators/docker/objects.ts',
      'src/orchestrators/docker/labels.ts',
      'src/orchestrators/docker/facts.ts',
    ],
    mayImport: [...model, 'port'],
  },
  'swarm words': {
    files: ['src/orchestrators/docker/swarm/objects.ts'],
    mayImport: [...model, 'port', 'docker words'],
  },
  'swarm compiler': {
    files: ['src/orchestrators/docker/swarm/compile/**'],
    mayImport: [...model, 'port', 'docker words', 'docker compiler', 'swarm words', 'orchestrator parts'],
  },
  'swarm engine': {
    files: ['src/orchestrators/docker/swarm/engine/**'],
    mayImport: [...model, 'port', 'docker words', 'docker engine', 'swarm words', 'orchestrator parts'],
  },
  swarm: {
    files: ['src/orchestrators/docker/swarm/*.ts'],
    mayImport: ['docker', 'docker engine', 'swarm compiler', 'swarm engine'],
  },
  'docker compiler': {
    files: ['src/orchestrators/docker/compile/**'],
    mayImport: [...model, 'port', 'docker words', 'orchestrator parts'],
  },
  'docker engine': {
    files: ['src/orchestrators/docker/engine/**'],
    mayImport: [...model, 'port', 'docker words', 'orchestrator parts'],
  },
  docker: {
    files: ['src/orchestrators/docker/*.ts'],
    mayImport: [...model, 'port', 'orchestrator parts', 'docker words', 'docker compiler', 'docker engine'],
  },
  'api schemas': { files: ['src/api/schemas/**'], mayImport: [...model, 'api'] },
  api: {
    files: ['src/api/**'],
    mayImport: [
      ...model,
      'api schemas',
      'compose',
      'store',
      'tasks',
      'tenants',
      'webhooks',
      'printing',
      'version',
    ],
    typesOf: ['port', 'telemetry'],
  },
  workers: {
    files: ['workers/**'],
    mayImport: [...model, ...middle],
    typesOf: ['telemetry'],
  },
  client: { files: ['src/client/**'], mayImport: ['problem', 'api schemas'] },
  cli: {
    files: ['src/cli/**'],
    mayImport: [
      'problem',
      'system',
      'client',
      'compose',
      'printing',
      'kubernetes compiler',
      'docker compiler',
      'swarm compiler',
      'signals',
      'version',
    ],
    typesOf: ['config', 'log', 'port', 'telemetry'],
    mayLoad: ['api main', 'worker main'],
  },
}

/** Who may import a library's values; a library that is not named here is anybody's. */
export const librariesOf: Readonly<Record<string, readonly string[]>> = {
  bullmq: ['tasks'],
  ioredis: ['dependencies', 'store', 'cli'],
  fastify: ['api'],
  '@fastify/cors': ['api'],
  jose: ['tenants'],
  '@fastify/swagger': ['api'],
  '@fastify/swagger-ui': ['api'],
  'js-yaml': ['compose', 'kubernetes compiler', 'printing', 'tenants'],
  '@kubernetes/client-node': ['kubernetes engine'],
  dockerode: ['docker engine'],
  'tar-stream': ['docker engine', 'cli'],
  undici: ['kubernetes engine', 'webhooks'],
  standardwebhooks: ['webhooks'],
  pino: ['log'],
  'prom-client': ['telemetry'],
  '@opentelemetry/api': ['telemetry'],
  '@opentelemetry/exporter-trace-otlp-http': ['telemetry'],
  '@opentelemetry/resources': ['telemetry'],
  '@opentelemetry/sdk-trace-base': ['telemetry'],
  'csv-stringify': ['api'],
  'csv-parse': ['cli'],
  commander: ['cli', 'cli main'],
  'log-update': ['cli'],
}
