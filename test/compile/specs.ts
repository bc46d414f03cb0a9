// Specs and compiled results for the tests of the compiler: what a test does not say is as Compose has it.
import { compile } from '../../src/orchestrators/kubernetes/compile/compile.ts'
import { assumedFacts, type ClusterFacts } from '../../src/orchestrators/kubernetes/facts.ts'
import type { Compiled, CompileInput } from '../../src/orchestrators/orchestrator.ts'
import { emptyService, emptySystem } from '../../src/system/empty.ts'
import type {
  Dependency,
  Healthcheck,
  PortSpec,
  Reservations,
  Resources,
  ServiceSpec,
  SystemIdentity,
  SystemSpec,
} from '../../src/system/spec.ts'

export const identity: SystemIdentity = {
  tenant: 'class',
  namespace: 'notebooks',
  name: 'shop',
  sid: '0123456789abcdef0123456789abcdef',
}

export function service(given: Partial<ServiceSpec> = {}): ServiceSpec {
  return { ...emptyService('demo/hello'), restart: { condition: 'always' }, ...given }
}

export function port(target: number, given: Partial<PortSpec> = {}): PortSpec {
  return {
    target,
    published: null,
    protocol: 'tcp',
    hostIp: null,
    name: null,
    appProtocol: null,
    mode: 'ingress',
    extensions: {},
    ...given,
  }
}

export function limits(
  given: Partial<Resources>,
  reserved: Partial<Reservations> = {},
): ServiceSpec['resources'] {
  const none = emptyService().resources
  return { limits: { ...none.limits, ...given }, reservations: { ...none.reservations, ...reserved } }
}

export function healthcheck(given: Partial<Healthcheck> = {}): Healthcheck {
  return {
    test: { kind: 'exec', argv: ['true'] },
    intervalMs: 30_000,
    timeoutMs: 30_000,
    retries: 3,
    startPeriodMs: 0,
    startIntervalMs: 5_000,
    ...given,
  }
}

export function dependency(given: Partial<Dependency> = {}): Dependency {
  return { condition: 'started', required: true, restart: false, ...given }
}

export function system(services: SystemSpec['services']): SystemSpec {
  return { ...emptySystem(), services }
}

type Options = Partial<Omit<CompileInput, 'spec'>> & { facts?: ClusterFacts }

export function compileServices(services: SystemSpec['services'], options: Options = {}): Compiled {
  const { facts, ...given } = options
  return compile({ identity, spec: system(services), exposure: 'nodePort', ...given }, facts)
}

export function clusterOf(minor: number): ClusterFacts {
  return { ...assumedFacts, version: { major: 1, minor } }
}

/** The Problems' codes, each with its severity and path; without the level of pod security, of which every service without `user` is told. */
export function remarks(compiled: Compiled): string[] {
  const others = compiled.problems.filter(({ code }) => code !== 'POD_SECURITY_BASELINE')
  return others.map(({ code, severity, path }) => `${severity} ${code} ${path}`)
}

export function subjects(compiled: Compiled): string[] {
  return compiled.stages.flatMap((stage) => stage.manifests.map((manifest) => manifest.subject))
}

/** What stands at a path of keys (`spec.template.spec`) in an object; undefined where the path leads nowhere. */
export function at(compiled: Compiled, subject: string, path: string): unknown {
  const manifests = compiled.stages.flatMap((stage) => stage.manifests)
  const manifest = manifests.find((one) => one.subject === subject)
  if (!manifest) throw new Error(`no ${subject} among ${subjects(compiled).join(', ')}`)
  return path.split('.').reduce<unknown>((value, key) => Object(value)[key], manifest.body)
}

/** Uses every key that the model carries, and every kind of workload. */
export const everything = system({
  web: service({
    environment: { A: '$(B)', 'with-dash.dot': '' },
    ports: [
      port(8080, { published: { from: 80, to: 80 }, name: 'Web', appProtocol: 'http' }),
      port(8080, { published: { from: 8000, to: 9000 } }),
      port(9090, { hostIp: '127.0.0.1' }),
    ],
    expose: [{ port: 53, protocol: 'udp' }],
    replicas: 2,
    resources: limits({ cpus: 1.5, memoryBytes: 2 ** 30, pids: 100 }, { cpus: 0.0001, memoryBytes: 1e6 }),
    healthcheck: healthcheck({ test: { kind: 'shell', command: 'test -n "$A"' }, intervalMs: 10 }),
    dependsOn: {
      db: dependency({ condition: 'healthy', restart: true }),
      'init.1': dependency({ condition: 'completed' }),
    },
  }),
  db: service({ healthcheck: healthcheck(), entrypoint: [], command: ['redis-server'] }),
  'init.1': service({ restart: { condition: 'unset' }, entrypoint: ['true'] }),
  batch: service({ restart: { condition: 'on-failure', maxAttempts: null }, replicas: 3 }),
  retry: service({ restart: { condition: 'on-failure', maxAttempts: 3 } }),
  nightly: service({
    extensions: { 'x-k8s': { schedule: '0 3 * * *' } },
    restart: { condition: 'on-failure', maxAttempts: 2 },
  }),
  scaled: service({
    labels: {
      'kompose.hpa.cpu': '80',
      'kompose.init.containers.image': 'busybox',
      'kompose.service.healthcheck.liveness.tcp_port': '80',
    },
    resources: limits({}, { cpus: 0.1 }),
  }),
  store: service({
    extensions: { 'x-k8s': { controller: 'statefulset' } },
    expose: [{ port: 5432, protocol: 'tcp' }],
    replicas: 2,
  }),
  ['long'.repeat(15)]: service({ replicas: 0, ports: [port(53, { protocol: 'udp' })] }),
})
