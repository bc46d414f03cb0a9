// `security_opt`: the protections of the kernel that a container runs under, as Docker writes them
// (https://docs.docker.com/reference/cli/docker/container/run/#security-opt).
import type { V1SecurityContext } from '@kubernetes/client-node'
import type { Problem } from '../../../problem.ts'
import { toHostname } from '../../../system/names.ts'
import type { Namespaces } from '../../../system/networks.ts'
import type { SecurityOption } from '../../../system/process.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import { isLoose, type Profile, type Protection, textOf, toProtection } from '../../shared/protections.ts'
import type { ClusterFacts } from '../facts.ts'
import { type Context, isAtLeast } from './context.ts'
import { remark } from './dispositions.ts'
import { notAllowed } from './permissions.ts'

/** Before, AppArmor is an annotation of the pod (KEP-24). */
const APPARMOR_FIELD_MINOR = 30
/** Unmasked paths are on by default, and only with users of the pod's own (KEP-4265). */
const UNMASKED_MINOR = 33

function protectionsOf({ security }: ServiceSpec): Protection[] {
  return security.options.flatMap((option) => toProtection(option) ?? [])
}

/** Whether an option takes a protection away, so that the service is not `restricted`. */
export function hasLooseOption(service: ServiceSpec): boolean {
  return protectionsOf(service).some(
    (protection) => isLoose(protection) || (protection.of === 'privileges' && protection.mayGrow),
  )
}

/** The fields of a container; AppArmor's where the cluster has one. */
export function toProtections(service: ServiceSpec, facts: ClusterFacts): V1SecurityContext {
  const context: V1SecurityContext = {}
  for (const protection of protectionsOf(service)) {
    if (protection.of === 'privileges' && !protection.mayGrow) context.allowPrivilegeEscalation = false
    if (protection.of === 'seccomp') context.seccompProfile = protection.profile
    if (protection.of === 'apparmor' && isAtLeast(facts, APPARMOR_FIELD_MINOR))
      context.appArmorProfile = protection.profile
    if (protection.of === 'selinux')
      context.seLinuxOptions = { ...context.seLinuxOptions, [protection.key]: protection.value }
    if (protection.of === 'paths') context.procMount = 'Unmasked'
  }
  return context
}

const APPARMOR_ANNOTATION = 'container.apparmor.security.beta.kubernetes.io'

/** Of a pod of a cluster without the field; undefined where there is nothing to say. */
export function toAppArmorAnnotation(
  name: string,
  service: ServiceSpec,
  facts: ClusterFacts,
): Record<string, string> | undefined {
  const protection = protectionsOf(service).findLast(({ of }) => of === 'apparmor')
  if (protection?.of !== 'apparmor' || isAtLeast(facts, APPARMOR_FIELD_MINOR)) return undefined
  return { [`${APPARMOR_ANNOTATION}/${toHostname(name)}`]: toAnnotationValue(protection.profile) }
}

function toAnnotationValue(profile: Profile): string {
  switch (profile.type) {
    case 'RuntimeDefault':
      return 'runtime/default'
    case 'Unconfined':
      return 'unconfined'
    case 'Localhost':
      return `localhost/${profile.localhostProfile}`
    default:
      return profile satisfies never
  }
}

/** Whether the pod needs users of its own: no cluster unmasks paths without. */
export function needsOwnUsers(service: ServiceSpec): boolean {
  return protectionsOf(service).some(({ of }) => of === 'paths')
}

export function checkSecurityOptions(name: string, service: ServiceSpec, context: Context): Problem[] {
  return service.security.options.flatMap((option, at) =>
    checkOption(`services.${name}.security_opt[${at}]`, option, service, context),
  )
}

function checkOption(
  path: string,
  option: SecurityOption,
  { namespaces }: ServiceSpec,
  { policy, facts }: Context,
): Problem[] {
  const protection = toProtection(option)
  if (!protection) return [meaningless(path, option)]
  if (isLoose(protection) && !policy.allow.includes('unconfined'))
    return [notAllowed(path, `\`${textOf(option)}\` gives up a protection`)]
  if (protection.of === 'paths') return checkPaths(path, namespaces, facts)
  return 'profile' in protection ? checkProfile(path, protection.profile) : []
}

function meaningless(path: string, option: SecurityOption): Problem {
  const message = `A cluster has nothing that \`${textOf(option)}\` could mean: remove it, or write a profile as a path below the folder of profiles of the nodes.`
  return remark('NOT_ON_KUBERNETES', path, message)
}

function checkPaths(path: string, namespaces: Namespaces, facts: ClusterFacts): Problem[] {
  if (!isAtLeast(facts, UNMASKED_MINOR)) {
    const message = `Unmasked system paths need Kubernetes 1.${UNMASKED_MINOR}: remove \`systempaths\`.`
    return [remark('NOT_ON_KUBERNETES', path, message)]
  }
  if (!Object.values(namespaces).some((namespace) => namespace?.kind === 'host')) return []
  const message =
    "A pod with unmasked system paths has users of its own, which goes with none of the machine's namespaces: remove one of both."
  return [remark('NOT_ON_KUBERNETES', path, message)]
}

function checkProfile(path: string, profile: Profile): Problem[] {
  if (profile.type !== 'Localhost') return []
  const message = `The profile \`${profile.localhostProfile}\` must lie on every node that the pod may run on: the request's own files do not get there.`
  return [remark('PROFILE_OF_NODES', path, message)]
}
