// Rights over the machine that a service asks for: refused, unless the operator allows them.
import type { Problem } from '../../../../problem.ts'
import type { Namespace, Namespaces } from '../../../../system/networks.ts'
import type { Permission } from '../../../../system/policy.ts'
import type { SecurityOption } from '../../../../system/process.ts'
import type { ServiceSpec } from '../../../../system/spec.ts'
import { isRootText, refusalsOf, refuse } from '../../../shared/policy.ts'
import { isLoose, textOf, toProtection } from '../../../shared/protections.ts'
import { SAFE_SYSCTLS } from '../../../shared/safe-sysctls.ts'
import type { Context } from '../context.ts'
import { isSaid } from '../dispositions/row.ts'
import { remark } from '../dispositions.ts'

export function checkRights(name: string, service: ServiceSpec, context: Context): Problem[] {
  const path = `services.${name}`
  return [
    ...checkPolicy(path, service, context),
    ...checkMachine(path, service, context),
    ...checkHooks(path, service, context),
    ...service.security.options.flatMap((option, at) =>
      checkOption(`${path}.security_opt[${at}]`, option, context),
    ),
    ...checkNamespaces(path, service.namespaces, context),
  ]
}

function checkPolicy(path: string, service: ServiceSpec, { policy }: Context): Problem[] {
  const steps = service.hooks.preStart.map(({ image }, at) => ({
    path: `${path}.pre_start[${at}].image`,
    image: image ?? '',
  }))
  // What is built is spoken of there.
  const own = service.build ? [] : [{ path: `${path}.image`, image: service.image }]
  const mounted = service.mounts.flatMap((mount, at) =>
    mount.type === 'image' ? [{ path: `${path}.volumes[${at}]`, image: mount.image }] : [],
  )
  const refusals = refusalsOf(path, service, policy, [...own, ...steps, ...mounted])
  return refusals.map(({ code, path: at, message }) => remark(code, at, message))
}

/** Keys that reach the machine beside the container, each with what allows it. */
function checkMachine(path: string, service: ServiceSpec, { policy }: Context): Problem[] {
  const { cpu, memory, security, devices, cgroupParent } = service
  const asked: [Permission, string, unknown][] = [
    ['privileged', 'devices', devices],
    ['privileged', 'device_cgroup_rules', security.deviceCgroupRules],
    ['privileged', 'cgroup_parent', cgroupParent],
    ['privileged', 'cpu_rt_period', cpu.realtimePeriodUs],
    ['privileged', 'cpu_rt_runtime', cpu.realtimeRuntimeUs],
    ['privileged', 'oom_kill_disable', memory.oomKillDisable],
    ['privileged', 'oom_score_adj', (memory.oomScoreAdjustment ?? 0) < 0],
    ...Object.keys(service.sysctls)
      .filter((key) => !SAFE_SYSCTLS.has(key))
      .map((key): [Permission, string, unknown] => ['unsafe_sysctls', `sysctls.${key}`, true]),
  ]
  return asked
    .filter(([permission, , value]) => isSaid(value) && !policy.allow.includes(permission))
    .map(([, key]) => notAllowed(`${path}.${key}`, `\`${key}\` reaches beyond the container`))
}

function notAllowed(path: string, what: string): Problem {
  const { code, message } = refuse(path, what)
  return remark(code, path, message)
}

/** A step has the rights that it asks for itself. */
function checkHooks(path: string, { hooks }: ServiceSpec, { policy }: Context): Problem[] {
  const steps = Object.entries({
    pre_start: hooks.preStart,
    post_start: hooks.postStart,
    pre_stop: hooks.preStop,
  }).flatMap(([key, list]) => list.map((hook, at) => ({ hook, path: `${path}.${key}[${at}]` })))
  return steps.flatMap(({ hook, path: at }) => [
    ...(hook.privileged && !policy.allow.includes('privileged')
      ? [notAllowed(`${at}.privileged`, '`privileged` gives rights over the machine')]
      : []),
    ...(hook.user !== null && isRootText(hook.user) && !policy.allow.includes('root')
      ? [notAllowed(`${at}.user`, 'The user root has rights over the machine')]
      : []),
  ])
}

function checkOption(path: string, option: SecurityOption, { policy }: Context): Problem[] {
  const protection = toProtection(option)
  if (!protection || (protection.of === 'seccomp' && protection.profile.type === 'Localhost')) {
    const message = `An engine has nothing that \`${textOf(option)}\` could mean, and a profile's file is not read: remove it.`
    return [remark('NOT_ON_DOCKER', path, message)]
  }
  if (isLoose(protection) && !policy.allow.includes('unconfined'))
    return [notAllowed(path, `\`${textOf(option)}\` gives up a protection`)]
  if (protection.of !== 'apparmor' || protection.profile.type !== 'Localhost') return []
  const message = `The profile \`${option.value}\` must be on the engine's machine already: the request's own files do not get there.`
  return [remark('PROFILE_OF_MACHINE', path, message)]
}

const NAMESPACES: Readonly<
  Record<keyof Namespaces, { key: string; permission: Permission; shared: boolean }>
> = {
  network: { key: 'network_mode', permission: 'host_network', shared: true },
  ipc: { key: 'ipc', permission: 'host_ipc', shared: true },
  pid: { key: 'pid', permission: 'host_pid', shared: true },
  uts: { key: 'uts', permission: 'privileged', shared: false },
  user: { key: 'userns_mode', permission: 'host_users', shared: false },
  cgroup: { key: 'cgroup', permission: 'privileged', shared: false },
}

function checkNamespaces(path: string, namespaces: Namespaces, context: Context): Problem[] {
  return Object.entries(NAMESPACES).flatMap(([of, { key, permission, shared }]) => {
    const namespace: Namespace | null = namespaces[of as keyof Namespaces]
    const at = `${path}.${key}`
    switch (namespace?.kind) {
      case 'host':
        return context.policy.allow.includes(permission)
          ? []
          : [notAllowed(at, `\`${key}: host\` reaches into the machine`)]
      case 'service':
        return shared ? [] : [meaningless(at, key)]
      case 'container':
      case 'other':
        return [meaningless(at, key)]
      default:
        return []
    }
  })
}

function meaningless(path: string, key: string): Problem {
  const message = `This \`${key}\` names what is no part of the system: remove it, or name a service.`
  return remark('NOT_ON_DOCKER', path, message)
}
