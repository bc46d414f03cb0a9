// The only reader of process.env: every setting, checked once, before anything starts.
import { homedir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { Exposure } from './system/endpoint.ts'
import { isNetwork, toCidr } from './system/network-address.ts'
import { OrchestratorKind } from './system/orchestrator-kind.ts'
import { VOLUME_SIZE } from './system/policy.ts'

const Text = (fallback: string, description: string) => Type.String({ default: fallback, description })
const OptionalText = (description: string) => Type.Optional(Type.String({ minLength: 1, description }))
const Count = (fallback: number, description: string, minimum = 0) =>
  Type.Integer({ default: fallback, minimum, description })

/** The environment variables that Tycho reads; the documentation's table is made of these descriptions. */
export const Environment = Type.Object({
  TYCHO_HOST: Text('127.0.0.1', 'Address that the API listens on'),
  TYCHO_PORT: Type.Integer({
    default: 5000,
    minimum: 0,
    maximum: 65535,
    description: 'Port that the API listens on; 0 takes a free one',
  }),
  TYCHO_URL: OptionalText('Server that the command line talks to'),
  TYCHO_REDIS_URL: OptionalText(
    'Redis server, as redis://[user:password@]host:port[/db]; without it `npm start` runs one',
  ),
  TYCHO_PREFIX: Type.String({
    default: '{tycho}',
    pattern: '^\\{[^{}]+\\}[^{}]*$',
    description: 'Prefix of all keys in Redis; holds a hash tag in braces',
  }),
  TYCHO_ANONYMOUS_TENANT: Type.Optional(
    Type.String({
      pattern: '^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$',
      description: 'Tenant of calls without a token; without it they are answered 401',
    }),
  ),
  TYCHO_ADMIN_TOKEN: Type.Optional(
    Type.String({
      pattern: '^[A-Za-z0-9._~+/-]{32,}=*$',
      description: "The operator's own token, with which the first others are made; at least 32 characters",
    }),
  ),
  TYCHO_TOKEN: OptionalText('Token that the command line sends'),
  TYCHO_OIDC_ISSUER: Type.Optional(
    Type.String({
      pattern: '^https?://',
      description: 'OpenID Connect issuer whose JWTs are taken, as their `iss` has it',
    }),
  ),
  TYCHO_OIDC_AUDIENCE: OptionalText(
    'What their `aud` must name; with commas between where there are several',
  ),
  TYCHO_OIDC_JWKS_URL: Type.Optional(
    Type.String({
      pattern: '^https?://',
      description: 'Its keys; else its discovery document says where they are',
    }),
  ),
  TYCHO_OIDC_TENANT_CLAIM: Text(
    'tenant',
    'Claim that says for which tenant a JWT speaks; a dot leads into an object',
  ),
  TYCHO_OIDC_SCOPES_CLAIM: Text('scope', 'Claim that says what it may do'),
  TYCHO_ACCOUNT_AUDIENCE: OptionalText(
    "Audience that tokens of the cluster's ServiceAccounts must have; else that of its API server",
  ),
  TYCHO_CORS_ORIGINS: Type.Optional(
    Type.String({
      pattern: '^https?://[^,/\\s]+( *, *https?://[^,/\\s]+)*$',
      description:
        'Origins of which pages may call from a browser, such as https://portal.example.org; with commas between',
    }),
  ),
  TYCHO_TRUSTED_PROXIES: Type.Optional(
    Type.String({
      minLength: 1,
      description:
        'Addresses and networks of proxies whose `X-Forwarded-For` says where a call comes from; with commas between',
    }),
  ),
  TYCHO_ORCHESTRATOR: Type.Optional(
    Type.Unsafe<OrchestratorKind>({
      ...OrchestratorKind,
      description:
        'On what systems run: `kubernetes`, `docker` or `swarm`; else a cluster that answers, else a Docker engine that does (docs/docker.md)',
    }),
  ),
  TYCHO_DOCKER_SUBNETS: Type.String({
    default: '10.201.0.0/16',
    description: 'Networks of which each network of a system on Docker gets a /26; with commas between',
  }),
  TYCHO_DOCKER_PORTS: Type.String({
    default: '20000-29999',
    pattern: '^\\d{1,5}-\\d{1,5}$',
    description:
      'Ports of the machine that systems on Docker publish where the file asks for none, or for one that is taken',
  }),
  DOCKER_HOST: OptionalText(
    'Docker engine, as unix:///path, tcp://host:port or ssh://user@host; else /var/run/docker.sock',
  ),
  DOCKER_TLS_VERIFY: OptionalText(
    'Whether an engine at tcp:// is spoken to by TLS, as the docker command has it',
  ),
  DOCKER_CERT_PATH: OptionalText('Folder of `ca.pem`, `cert.pem` and `key.pem` for that'),
  TYCHO_NAMESPACE: OptionalText(
    "Kubernetes namespace of the systems; else the kubeconfig's own, else default",
  ),
  TYCHO_PUBLIC_HOST: OptionalText('Host in the URLs of node ports; else the address of a node'),
  TYCHO_EXPOSURE: Type.Unsafe<Exposure>({
    ...Exposure,
    default: 'nodePort',
    description: 'How published ports get out when a request does not say',
  }),
  TYCHO_INGRESS_HOST: OptionalText(
    'Host of the exposure `ingress`, such as {service}.{system}.example.org; {namespace}, {tenant} and {port} are known too',
  ),
  TYCHO_INGRESS_CLASS: OptionalText("Class of the Ingress objects; else the cluster's default"),
  TYCHO_INGRESS_NAMESPACE: OptionalText(
    'Namespace of the Ingress controller; where a NetworkPolicy limits a port of the exposure `ingress`, it lets this one in, and nobody else but the clients of the request',
  ),
  TYCHO_POLICY_FILE: OptionalText('File of what the systems of which tenant may do (YAML; docs/policy.md)'),
  TYCHO_VOLUME_SIZE: Type.String({
    default: '1Gi',
    pattern: VOLUME_SIZE,
    description: 'Size of a named volume whose file and policy do not say it',
  }),
  TYCHO_STORAGE_CLASS: OptionalText("Its storage class; else the cluster's default"),
  TYCHO_CLUSTER_DNS: OptionalText('Address of the cluster DNS; else it is found'),
  TYCHO_CLUSTER_DOMAIN: Text('cluster.local', 'Domain of the cluster'),
  TYCHO_LEGACY_WAIT_SECONDS: Count(60, 'How long the three original endpoints wait for their job'),
  TYCHO_TIMEOUT_SECONDS: Count(600, 'Time for a system to become ready when a request does not say', 1),
  TYCHO_RETRIES: Count(
    8,
    'Attempts at a task that fails for a reason that may pass; eight take about a minute',
    1,
  ),
  TYCHO_QUEUE_LIMIT: Count(
    100_000,
    'Jobs of all tenants together that may be pending; more are refused until some are done. 0: no limit',
  ),
  TYCHO_RETENTION_DAYS: Count(7, 'How long jobs are kept after their end', 1),
  TYCHO_COMPOSE_LIMIT_BYTES: Count(1024 * 1024, 'Longest Compose text', 1),
  TYCHO_FILES_LIMIT_BYTES: Count(4 * 1024 * 1024, 'Files that come with one request, together', 1),
  TYCHO_BATCH_LIMIT_BYTES: Count(16 * 1024 * 1024, 'Longest body of a batch', 1),
  TYCHO_BATCH_CONCURRENCY: Count(
    200,
    'Members of a batch that are starting at once, when its request does not say',
    1,
  ),
  TYCHO_CONCURRENCY: Count(
    32,
    'Tasks that one worker does at the same time, and beside them as many of those that give way (batches)',
    1,
  ),
  TYCHO_WEBHOOK_ALLOW: Type.Optional(
    Type.String({
      minLength: 1,
      description:
        'Networks that webhooks may be sent to although they are not public, such as `10.96.0.0/12,127.0.0.1` (docs/webhooks.md)',
    }),
  ),
  TYCHO_WEBHOOK_HTTPS_ONLY: Type.Boolean({
    default: false,
    description: 'Webhooks go by https alone',
  }),
  TYCHO_WEBHOOK_SCHEDULE: Type.String({
    default: '0,5,300,1800,7200,18000,36000,50400,72000,86400',
    pattern: '^\\d{1,6}(,\\d{1,6}){0,29}$',
    description: 'Pauses before the attempts at a webhook, in seconds; up to a tenth is added',
  }),
  TYCHO_WEBHOOK_CONCURRENCY: Count(64, 'Attempts at webhooks that one worker makes at the same time', 1),
  TYCHO_WEBHOOK_LIMIT: Count(50, 'Webhook endpoints that one tenant may register'),
  TYCHO_WEBHOOK_GRACE_SECONDS: Count(
    86_400,
    'How long the old secret of a webhook signs too, after a new one was made',
  ),
  TYCHO_DATA_DIR: Text(
    '.tycho',
    'Folder for what `npm start` keeps: the data of its Redis, the test cluster kubeconfig',
  ),
  TYCHO_LOG_LEVEL: Type.Union(
    (['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const).map((level) =>
      Type.Literal(level),
    ),
    { default: 'info', description: 'Least severe lines that are logged' },
  ),
  TYCHO_METRICS_TOKEN: OptionalText(
    'Bearer token that whoever reads `/metrics` has to show; without it everybody may who reaches the port',
  ),
  TYCHO_WORKER_PORT: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 65535,
      description:
        'Port of a worker for `/healthz`, `/readyz` and `/metrics`, on `TYCHO_HOST`; 0 takes a free one, without it there is none',
    }),
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s]+$',
      description:
        'OpenTelemetry collector (OTLP over HTTP) that gets the traces; without it nothing is traced',
    }),
  ),
  TYCHO_HOST_ADDRESS: OptionalText(
    "Address of the pod's host, for node-port URLs where nodes may not be read",
  ),
  KUBECONFIG: OptionalText('Kubeconfig files, as kubectl reads them'),
  KUBERNETES_SERVICE_HOST: OptionalText('Set by Kubernetes in a pod: address of its API server'),
  KUBERNETES_SERVICE_PORT: Text('443', 'Set by Kubernetes in a pod: port of its API server'),
})
export type Environment = Static<typeof Environment>

/** An environment that can't be used; the message has a line for each variable that is wrong. */
export class ConfigError extends Error {}

export type Config = ReturnType<typeof readConfig>

/**
 * Reads and checks the environment. Throws ConfigError naming every wrong variable. Variables that begin with
 * `TYCHO_` and are not known are refused too: a misspelt setting must not be silently without effect.
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env) {
  const env = readEnvironment(environment)
  return {
    host: env.TYCHO_HOST,
    port: env.TYCHO_PORT,
    url: env.TYCHO_URL ?? null,
    redisUrl: env.TYCHO_REDIS_URL ?? null,
    prefix: env.TYCHO_PREFIX,
    anonymousTenant: env.TYCHO_ANONYMOUS_TENANT ?? null,
    adminToken: env.TYCHO_ADMIN_TOKEN ?? null,
    token: env.TYCHO_TOKEN ?? null,
    oidc: toOidc(env),
    accountAudience: env.TYCHO_ACCOUNT_AUDIENCE ?? null,
    corsOrigins: toList(env.TYCHO_CORS_ORIGINS),
    trustedProxies: networksOf('TYCHO_TRUSTED_PROXIES', env),
    exposure: env.TYCHO_EXPOSURE,
    publicHost: env.TYCHO_PUBLIC_HOST ?? null,
    legacyWaitMs: env.TYCHO_LEGACY_WAIT_SECONDS * 1000,
    timeoutMs: env.TYCHO_TIMEOUT_SECONDS * 1000,
    maxAttempts: env.TYCHO_RETRIES,
    queueLimit: env.TYCHO_QUEUE_LIMIT,
    retentionMs: env.TYCHO_RETENTION_DAYS * 24 * 3600 * 1000,
    composeLimitBytes: env.TYCHO_COMPOSE_LIMIT_BYTES,
    filesLimitBytes: env.TYCHO_FILES_LIMIT_BYTES,
    batchLimitBytes: env.TYCHO_BATCH_LIMIT_BYTES,
    batchConcurrency: env.TYCHO_BATCH_CONCURRENCY,
    concurrency: env.TYCHO_CONCURRENCY,
    dataDir: resolve(env.TYCHO_DATA_DIR),
    logLevel: env.TYCHO_LOG_LEVEL,
    workerPort: env.TYCHO_WORKER_PORT ?? null,
    telemetry: {
      metricsToken: env.TYCHO_METRICS_TOKEN ?? null,
      otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    },
    orchestrator: env.TYCHO_ORCHESTRATOR ?? null,
    engine: {
      address: {
        host: env.DOCKER_HOST ?? null,
        tlsVerify: env.DOCKER_TLS_VERIFY !== undefined,
        certPath: env.DOCKER_CERT_PATH ?? null,
      },
      subnets: networksOf('TYCHO_DOCKER_SUBNETS', env),
      ports: toPortRange(env.TYCHO_DOCKER_PORTS),
    },
    namespace: env.TYCHO_NAMESPACE ?? null,
    policyFile: env.TYCHO_POLICY_FILE ?? null,
    volumes: { size: env.TYCHO_VOLUME_SIZE, storageClass: env.TYCHO_STORAGE_CLASS ?? null },
    ingress: {
      host: env.TYCHO_INGRESS_HOST ?? null,
      className: env.TYCHO_INGRESS_CLASS ?? null,
      namespace: env.TYCHO_INGRESS_NAMESPACE ?? null,
    },
    webhooks: {
      allow: networksOf('TYCHO_WEBHOOK_ALLOW', env),
      httpsOnly: env.TYCHO_WEBHOOK_HTTPS_ONLY,
      scheduleMs: env.TYCHO_WEBHOOK_SCHEDULE.split(',').map((seconds) => Number(seconds) * 1000),
      places: env.TYCHO_WEBHOOK_CONCURRENCY,
      limit: env.TYCHO_WEBHOOK_LIMIT,
      graceMs: env.TYCHO_WEBHOOK_GRACE_SECONDS * 1000,
    },
    cluster: {
      kubeconfig: {
        paths: (env.KUBECONFIG ?? '').split(delimiter).filter((path) => path !== ''),
        homePath: join(homedir(), '.kube', 'config'),
        ...(env.KUBERNETES_SERVICE_HOST && {
          pod: { host: env.KUBERNETES_SERVICE_HOST, port: env.KUBERNETES_SERVICE_PORT },
        }),
        localPath: resolve(env.TYCHO_DATA_DIR, 'kubeconfig'),
      },
      facts: {
        ...(env.TYCHO_PUBLIC_HOST && { publicHost: env.TYCHO_PUBLIC_HOST }),
        ...(env.TYCHO_HOST_ADDRESS && { hostAddress: env.TYCHO_HOST_ADDRESS }),
        ...(env.TYCHO_CLUSTER_DNS && {
          dns: { address: env.TYCHO_CLUSTER_DNS, domain: env.TYCHO_CLUSTER_DOMAIN },
        }),
        resolvConfPath: '/etc/resolv.conf',
      },
    },
  }
}

/** Throws ConfigError for what is no address and no network. */
function networksOf(
  setting: 'TYCHO_TRUSTED_PROXIES' | 'TYCHO_WEBHOOK_ALLOW' | 'TYCHO_DOCKER_SUBNETS',
  env: Environment,
): string[] {
  const networks = (env[setting] ?? '').split(/[\s,]+/).filter((network) => network !== '')
  const wrong = networks.find((network) => !isNetwork(network))
  if (wrong === undefined) return networks.map(toCidr)
  throw new ConfigError(
    `Can't start with these settings:\n  ${setting}: ${wrong} is no network such as 10.96.0.0/12`,
  )
}

function toPortRange(text: string): { from: number; to: number } {
  const [from = 0, to = 0] = text.split('-').map(Number)
  return { from, to }
}

function toOidc(env: Environment) {
  const { TYCHO_OIDC_ISSUER: issuer, TYCHO_OIDC_AUDIENCE: audience } = env
  if (issuer === undefined) return null
  return {
    issuer,
    audiences: toList(audience),
    jwksUrl: env.TYCHO_OIDC_JWKS_URL ?? null,
    tenantClaim: env.TYCHO_OIDC_TENANT_CLAIM,
    scopesClaim: env.TYCHO_OIDC_SCOPES_CLAIM,
  }
}

function contradictions(env: Record<string, unknown>): string[] {
  const lines: string[] = []
  // A token for anybody is good for nobody.
  if (env.TYCHO_OIDC_ISSUER && !env.TYCHO_OIDC_AUDIENCE)
    lines.push('TYCHO_OIDC_AUDIENCE: must be set beside TYCHO_OIDC_ISSUER')
  const { from, to } = toPortRange(`${env.TYCHO_DOCKER_PORTS ?? '1-1'}`)
  if (from < 1 || to > 65_535 || from > to)
    lines.push(`TYCHO_DOCKER_PORTS: ${env.TYCHO_DOCKER_PORTS} is no range of ports such as 20000-29999`)
  return lines
}

function toList(text: string | undefined): string[] {
  return text === undefined ? [] : text.split(',').map((one) => one.trim())
}

function readEnvironment(environment: NodeJS.ProcessEnv): Environment {
  const known = Object.keys(Environment.properties)
  const given = Object.fromEntries(
    known.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])),
  )
  const converted = Value.Convert(Environment, Value.Default(Environment, given))
  const unknown = Object.keys(environment).filter(isUnknownSetting)
  const wrong = wordErrors(Value.Errors(Environment, converted), given)
  const lines = [
    ...wrong,
    ...contradictions(given),
    ...unknown.map((name) => `${name}: there is no such setting`),
  ]
  if (lines.length > 0) throw new ConfigError(`Can't start with these settings:\n  ${lines.join('\n  ')}`)
  return converted as Environment
}

type SchemaError = ReturnType<typeof Value.Errors>[number]

/** Of a setting that takes one of several words, each of them that it is not is an error: they are named in one line. */
function wordErrors(errors: readonly SchemaError[], given: Record<string, unknown>): string[] {
  const words = Map.groupBy(errors, ({ instancePath }) => instancePath.slice(1) || 'environment')
  return [...words].map(([name, found]) => {
    const allowed = found.flatMap((error) => (error.keyword === 'const' ? [error.params.allowedValue] : []))
    if (allowed.length > 0) return `${name}: ${given[name]} is none of ${allowed.join(', ')}`
    return `${name}: ${found.map(({ message }) => message).join(', ')}`
  })
}

/** `TYCHO_TEST_*` are the tests' settings; `TYCHO_API_*` is what Kubernetes injects for the Service `tycho-api`. */
function isUnknownSetting(name: string): boolean {
  return /^TYCHO_(?!TEST_|API_)/.test(name) && !(name in Environment.properties)
}

/** The caller's own variables of these names, for `${NAME}` in a file that the command line sends. */
export function readShellVariables(
  names: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const found: Record<string, string> = {}
  for (const name of names) {
    const value = environment[name]
    if (value !== undefined) found[name] = value
  }
  return found
}
