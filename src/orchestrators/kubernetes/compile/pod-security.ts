// Which of Kubernetes' pod security levels a service keeps to
// (https://kubernetes.io/docs/concepts/security/pod-security-standards/).
import type { V1SecurityContext } from '@kubernetes/client-node'
import type { Problem } from '../../../problem.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import { remark } from './dispositions.ts'
import { hasLooseOption } from './security-options.ts'

/** The one capability that `restricted` lets a container add. */
const HARMLESS = 'NET_BIND_SERVICE'

/** A key that keeps the service from `restricted`; the path is below the service's. */
type Hindrance = { path: string; what: string }

/** Whether a user other than root is given by number, and nothing in the file needs more than `restricted` gives. */
export function isRestricted(service: ServiceSpec): boolean {
  return hindrancesOf(service).length === 0
}

/** What `restricted` asks of a container; `privileged`, hosts' namespaces and paths are ruled out by `isRestricted`. */
export function toRestrictedContext(service: ServiceSpec): V1SecurityContext {
  const added = service.security.capAdd.map(toCapability)
  return {
    runAsNonRoot: true,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'], ...(added.length > 0 && { add: added }) },
    seccompProfile: { type: 'RuntimeDefault' },
  }
}

/** Docker takes capabilities with and without `CAP_`, in any case. */
export function toCapability(text: string): string {
  return text.toUpperCase().replace(/^CAP_/, '')
}

/** One remark for each service that runs as in Docker, at what asks for it. */
export function checkPodSecurity(name: string, service: ServiceSpec): Problem[] {
  const [first] = hindrancesOf(service)
  if (!first) return []
  const path = first.path === '' ? `services.${name}` : `services.${name}.${first.path}`
  const message = `\`${name}\` runs with the rights that Docker gives, because ${first.what}; with \`user\` as a number other than 0, and nothing that needs more, it runs with fewer (pod security \`restricted\`).`
  return [remark('POD_SECURITY_BASELINE', path, message)]
}

function hindrancesOf(service: ServiceSpec): Hindrance[] {
  return [...ofUser(service), ...ofRights(service), ...ofHost(service)]
}

function ofUser({ user }: ServiceSpec): Hindrance[] {
  if (!user) return [{ path: '', what: 'the file gives it no `user`' }]
  if (/^\d+$/.test(user.user) && Number(user.user) > 0) return []
  return [{ path: 'user', what: `its user is \`${user.user}\`` }]
}

function ofRights(service: ServiceSpec): Hindrance[] {
  const { security } = service
  const added = security.capAdd.filter((capability) => toCapability(capability) !== HARMLESS)
  return [
    ...(security.privileged ? [{ path: 'privileged', what: 'it is privileged' }] : []),
    ...(added.length > 0 ? [{ path: 'cap_add', what: `it adds ${added.join(', ')}` }] : []),
    ...(hasLooseOption(service) ? [{ path: 'security_opt', what: 'it switches a protection off' }] : []),
  ]
}

function ofHost({ namespaces, mounts, ports }: ServiceSpec): Hindrance[] {
  const shared = Object.entries(namespaces).find(([, namespace]) => namespace?.kind === 'host')
  const at = mounts.findIndex((mount) => mount.type === 'bind' && mount.source.startsWith('/'))
  const port = ports.findIndex(({ mode }) => mode === 'host')
  return [
    ...(shared ? [{ path: KEYS[shared[0]] ?? shared[0], what: "it shares the machine's namespaces" }] : []),
    ...(at >= 0 ? [{ path: `volumes[${at}]`, what: 'it mounts a path of the machine' }] : []),
    ...(port >= 0 ? [{ path: `ports[${port}]`, what: 'it opens a port of the machine' }] : []),
  ]
}

const KEYS: Readonly<Record<string, string>> = { network: 'network_mode', user: 'userns_mode' }
