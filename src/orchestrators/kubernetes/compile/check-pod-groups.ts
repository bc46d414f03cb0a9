// Services that share a pod, and what they say of it that does not go together.
import type { Problem } from '../../../problem.ts'
import { findCycles } from '../../../system/graph.ts'
import { toHostname } from '../../../system/names.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Context } from './context.ts'
import { remark } from './dispositions.ts'
import { KOMPOSE } from './kompose.ts'
import { hostsOf } from './pod-groups.ts'
import { leaderOf, type Member, membersOf } from './pod-members.ts'
import { extensionOf } from './service-extension.ts'
import { toDependencies, toNodes } from './stage-nodes.ts'
import { toWorkload } from './workload.ts'

const KEYS = { network: 'network_mode', ipc: 'ipc', pid: 'pid' } as const

/** A service of a pod that another one leads. */
type Follower = Member & { path: string; leader: Member }

export function checkPodGroups(context: Context): Problem[] {
  if (context.groups.size === 0) return []
  const leaders = new Set([...context.groups.values()].map(({ leader }) => leader))
  const problems = [...leaders].flatMap((name) => {
    const members = membersOf(name, context)
    const leader = members.find((one) => one.name === name)
    const others = members.filter((one) => one !== leader)
    const followers = others.map((one) => ({ ...one, path: `services.${one.name}`, leader: leader ?? one }))
    return [
      ...followers.flatMap((follower) => checkFollower(follower, context)),
      ...members.flatMap((member) => checkOrder(member, members)),
      ...checkPortsOf(members),
      ...checkProcesses(members),
    ]
  })
  return [...problems, ...checkCircles(context)]
}

function checkFollower(follower: Follower, context: Context): Problem[] {
  return [
    ...checkName(follower),
    ...checkKind(follower, context),
    ...checkReplicas(follower),
    ...checkNetwork(follower),
    ...checkUpdate(follower),
    ...checkSettings(follower),
  ]
}

/** Who lives in another's network has no name in Docker either. */
function checkName({ name, service, path, leader }: Follower): Problem[] {
  const hosts = hostsOf(service)
  if (hosts.some(([, by]) => by === 'network')) return []
  const key = hosts[0] ? KEYS[hosts[0][1]] : `labels.${KOMPOSE.group}`
  const message = `\`${name}\` shares the pod of \`${leader.name}\`, and its network with it: the rest of the system finds it as \`${toHostname(leader.name)}\`.`
  return [remark('NAME_NOT_SERVED', `${path}.${key}`, message)]
}

function checkKind({ name, service, path, leader }: Follower, context: Context): Problem[] {
  const own = toWorkload(name, service, context)
  const theirs = toWorkload(leader.name, leader.service, context)
  if (JSON.stringify(own) === JSON.stringify(theirs)) return []
  const message = `\`${name}\` shares the pod of \`${leader.name}\`, so both are restarted alike: leave \`restart\` and \`deploy.mode\` of \`${name}\` out.`
  return [remark('POD_DISAGREES', `${path}.restart`, message)]
}

function checkReplicas({ name, service, path, leader }: Follower): Problem[] {
  const { replicas } = leader.service
  if (service.replicas === replicas) return []
  if (service.replicas === 1) {
    const message = `\`${name}\` has as many copies as the pod of \`${leader.name}\`: ${replicas}.`
    return [remark('COPIES_OF_POD', path, message)]
  }
  const message = `\`${name}\` shares the pod of \`${leader.name}\`, which has ${replicas} copies: leave the number of \`${name}\` out.`
  return [remark('POD_DISAGREES', `${path}.deploy.replicas`, message)]
}

function checkNetwork({ name, service, path, leader }: Follower): Problem[] {
  const own = service.namespaces.network?.kind
  const theirs = leader.service.namespaces.network?.kind
  if ((own !== 'host' && own !== 'none') || own === theirs) return []
  const message = `\`${name}\` shares the pod of \`${leader.name}\`, and its network with it: leave \`network_mode\` out.`
  return [remark('POD_DISAGREES', `${path}.network_mode`, message)]
}

function checkUpdate({ name, service, path, leader }: Follower): Problem[] {
  const { update } = service.deploy
  if (!update || JSON.stringify(update) === JSON.stringify(leader.service.deploy.update)) return []
  const message = `A pod is replaced as a whole, as \`${leader.name}\` says it: what \`${name}\` says is not applied.`
  return [remark('NOT_APPLIED', `${path}.deploy.update_config`, message)]
}

function checkSettings({ name, service, path, leader }: Follower): Problem[] {
  const problems = Object.entries(service.sysctls)
    .filter(([key, value]) => (leader.service.sysctls[key] ?? value) !== value)
    .map(([key]) => disagrees(`${path}.sysctls.${key}`, name, leader.name, key))
  const [own, theirs] = [service.platform, leader.service.platform]
  if (own && theirs && JSON.stringify(own) !== JSON.stringify(theirs))
    problems.push(disagrees(`${path}.platform`, name, leader.name, 'platform'))
  return problems
}

function disagrees(path: string, name: string, leader: string, key: string): Problem {
  const message = `\`${key}\` is of the pod that \`${name}\` shares with \`${leader}\`, which says otherwise: say it once.`
  return remark('POD_DISAGREES', path, message)
}

/** Containers of a pod start in turn, and none waits for more. */
function checkOrder({ name, service }: Member, members: readonly Member[]): Problem[] {
  const within = Object.entries(service.dependsOn).filter(([other]) =>
    members.some((member) => member.name === other),
  )
  return within.flatMap(([other, { condition }]) => {
    const path = `services.${name}.depends_on.${other}`
    if (condition === 'completed') {
      const message = `\`${name}\` shares the pod of \`${other}\`, so it can't wait for its end: make that a step of \`pre_start\`.`
      return [remark('DEPENDENCY_NEVER_COMPLETES', path, message)]
    }
    if (condition === 'started') return []
    const message = `\`${name}\` shares the pod of \`${other}\` and starts right after it, healthy or not.`
    return [remark('STARTED_TOGETHER', path, message)]
  })
}

/** They have one network, and so each port once. */
function checkPortsOf(members: readonly Member[]): Problem[] {
  const taken = new Map<string, string>()
  return members.flatMap(({ name, service }) =>
    service.ports.flatMap(({ target, protocol }, at) => {
      const port = `${target}/${protocol}`
      const first = taken.get(port) ?? name
      taken.set(port, first)
      if (first === name) return []
      const message = `\`${name}\` shares its network with \`${first}\`, which has port ${port} already: choose another one.`
      return [remark('PORT_TWICE_IN_POD', `services.${name}.ports[${at}]`, message)]
    }),
  )
}

/** Where processes are shared the first one is the pod's own. */
function checkProcesses(members: readonly Member[]): Problem[] {
  if (!sharesProcesses(members)) return []
  return members
    .filter(({ service }) => extensionOf(service).stopByKill)
    .map(({ name }) => {
      const message = `\`${name}\` shares its processes with others of its pod, so the first one is not its own: remove \`stopByKill\`.`
      return remark('INVALID_EXTENSION', `services.${name}.x-k8s.stopByKill`, message)
    })
}

export function sharesProcesses(members: readonly Member[]): boolean {
  return members.some(({ service }) => service.namespaces.pid?.kind === 'service')
}

/** Two services of a pod may wait for others, but not for others that wait for the pod. */
function checkCircles(context: Context): Problem[] {
  return findCycles(toDependencies(toNodes(context))).flatMap((cycle) => {
    const [member] = cycle.flatMap((key) =>
      membersOf(key, context).filter(({ name }) => context.groups.has(name)),
    )
    const waiting =
      member && membersOf(member.name, context).find(({ service }) => waitsFor(service, cycle, context))
    const name = waiting?.name ?? cycle[0] ?? ''
    const message = `The pod that \`${name}\` shares waits for services that wait for it (${[...cycle, cycle[0]].join(' -> ')}): remove one of these dependencies.`
    return [remark('POD_WAITS_FOR_ITSELF', `services.${name}.depends_on`, message)]
  })
}

function waitsFor({ dependsOn }: ServiceSpec, cycle: readonly string[], context: Context): boolean {
  return Object.keys(dependsOn).some(
    (other) => !context.groups.has(other) && cycle.includes(leaderOf(other, context)),
  )
}
