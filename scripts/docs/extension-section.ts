// The part of docs/compose.md about `x-k8s`: what a file may say to Kubernetes that Compose has no key for.
import type { TSchema } from 'typebox'
import {
  PortExtension,
  ServiceExtension,
  SystemExtension,
  VolumeExtension,
} from '../../src/orchestrators/kubernetes/compile/extensions.ts'

const INTRODUCTION = `## x-k8s

What Compose has no key for stands under \`x-k8s\`: at the top of the file for all services, at a service, at a volume of the
top level, and at a port in its long form. The service comes before the system; lists and maps of both add up. A key that
is not listed here is an \`INVALID_EXTENSION\`.

The keys of the first Tycho are read too: \`ext.kube\` of a service (\`livenessProbe\`, \`readinessProbe\`, \`startupProbe\`, each
with \`cmd\`, \`httpGet\` or \`tcpSocket\`, \`delay\`, \`period\`, \`threshold\`), and \`security_context\` at the top (\`runAsUser\`,
\`runAsGroup\`, \`fsGroup\`), as \`podSecurity\` is.
`

const LEVELS: readonly [where: string, schema: TSchema][] = [
  ['top', SystemExtension],
  ['service', ServiceExtension],
  ['volume', VolumeExtension],
  ['port', PortExtension],
]

/** Of a key, wherever it stands; a key that means another thing at one place has that place before it. */
const MEANINGS: Readonly<Record<string, string>> = {
  nodeSelector: 'nodeSelector of the pods',
  tolerations: 'tolerations of the pods',
  serviceAccount: 'serviceAccountName, and its token; one that the policy file allows',
  imagePullSecrets: 'names of Secrets, as imagePullSecrets',
  podSecurity:
    'the user and groups of the pods: runAsUser and runAsGroup of services without `user`; fsGroup, runAsNonRoot, supplementalGroups',
  ingressClass: 'ingressClassName',
  image: 'the image, where that of the file is what `build` makes',
  controller: 'what runs the service',
  schedule: 'a CronJob: when it runs, in five fields as `0 3 * * *` or a word as `@daily`',
  concurrencyPolicy: 'concurrencyPolicy of the CronJob: whether runs may overlap',
  liveness: 'livenessProbe, as Kubernetes has it: what fails it is restarted',
  readiness: 'readinessProbe, as Kubernetes has it, instead of the healthcheck',
  startup: 'startupProbe, as Kubernetes has it',
  stopByKill:
    'lifecycle.preStop: a shell of the container sends `stop_signal` to its first process, and waits',
  size: 'requested storage of the claim',
  storageClass: 'storageClassName of the claim',
  accessMode: 'access mode of the claim; else ReadWriteOnce, and ReadWriteMany where several pods mount it',
  selector: 'labels of the volumes that the claim may take',
  host: 'an Ingress with this host for the port',
  path: 'path of the Ingress; else `/`',
  tlsSecret: 'Secret with the certificate of the host',
  nodePort: 'a fixed node port',
}

/** Ends with a line break. */
export function extensionSection(): string {
  const lines = LEVELS.flatMap(([where, schema]) =>
    Object.entries(propertiesOf(schema)).map(
      ([key, property]) => `| \`${key}\` | ${where} | ${formOf(property)} | ${MEANINGS[key] ?? ''} |`,
    ),
  )
  return [INTRODUCTION, '| key | at | form | on Kubernetes |', '|---|---|---|---|', ...lines, ''].join('\n')
}

type Described = TSchema & {
  type?: string
  properties?: Record<string, TSchema>
  enum?: string[]
  anyOf?: TSchema[]
  items?: TSchema
}

function propertiesOf(schema: TSchema): Record<string, TSchema> {
  return (schema as Described).properties ?? {}
}

function formOf(schema: TSchema): string {
  const { type, enum: words, anyOf, items } = schema as Described
  if (words) return words.map((word) => `\`${word}\``).join(', ')
  if (anyOf) return anyOf.map(formOf).join(', ')
  switch (type) {
    case 'string':
      return 'text'
    case 'integer':
      return 'whole number'
    case 'boolean':
      return 'true or false'
    case 'array':
      return `list of ${items ? formOf(items) : 'anything'}`
    default:
      return 'map'
  }
}
