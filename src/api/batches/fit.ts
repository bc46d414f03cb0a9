// Whether a batch fits: where its members would run, and what there is too little of. Pure.
import {
  type BoundUse,
  exceeds,
  type NamespaceRoom,
  type Spread,
  type SpreadMember,
  spreadOut,
  useOf,
} from '../../jobs/spread.ts'
import type { Problem, Severity } from '../../problem.ts'
import type { ReservedAmounts } from '../../store/reserved-amounts.ts'
import type { Bound, Capacity, NamespaceCapacity } from '../../system/capacity.ts'
import type { Amounts, Needs } from '../../system/needs.ts'
import { nameOf, sentenceOf } from './amount-words.ts'

/** `namespace` null: of the whole cluster. */
export type Short = BoundUse & { namespace: string | null }

/** `shortages`: what keeps members from having a place; none where all have one. */
export type Fit = { spread: Spread; shortages: Short[]; problems: Problem[] }

/** `total`: what all members need. */
export function fitIn(
  members: readonly SpreadMember[],
  total: Amounts,
  capacity: Capacity,
  reserved: ReservedAmounts,
): Fit {
  const usable = capacity.namespaces.filter(({ state }) => state === 'present' || state === 'unknown')
  const rooms = usable.map(({ namespace, bounds }) => ({
    namespace,
    bounds: bounds.map((bound) => withReserved(bound, reserved.get(namespace))),
  }))
  const spread = spreadOut(members, rooms)
  const everywhere = sumOf(reserved)
  return {
    spread,
    shortages: [
      ...(spread.left > 0 ? shortagesOf(rooms, total) : []),
      ...nodePortShortage(total, capacity, everywhere),
    ],
    problems: [
      ...capacity.namespaces.flatMap(namespaceProblems),
      ...usable.flatMap((one) => quotaProblems(one, total)),
      ...nodePortProblems(total, capacity),
      ...manyServices(total, capacity, everywhere),
    ],
  }
}

function withReserved(bound: Bound, reserved: Amounts = {}): Bound {
  return { ...bound, used: Math.round((bound.used + (reserved[bound.of] ?? 0)) * 1000) / 1000 }
}

function sumOf(reserved: ReservedAmounts): Amounts {
  const sum: Amounts = {}
  for (const amounts of reserved.values())
    for (const [of, more] of Object.entries(amounts)) sum[of] = (sum[of] ?? 0) + more
  return sum
}

/** In each namespace what would be too much there if all went into it. */
function shortagesOf(rooms: readonly NamespaceRoom[], total: Amounts): Short[] {
  return rooms.flatMap(({ namespace, bounds }) =>
    useOf(bounds, total)
      .filter(exceeds)
      .map((one) => ({ ...one, namespace })),
  )
}

function nodePortShortage(total: Amounts, { nodePorts }: Capacity, reserved: Amounts): Short[] {
  if (!nodePorts) return []
  const bound = { of: 'nodePorts', limit: nodePorts.limit, used: nodePorts.used, quota: null }
  const used = useOf([withReserved(bound, reserved)], total)
  return used.filter(exceeds).map((one) => ({ ...one, namespace: null }))
}

function nodePortProblems(total: Amounts, { nodePorts }: Capacity): Problem[] {
  if (!nodePorts || nodePorts.isWhole || !total.nodePorts) return []
  const message =
    'Services of other namespaces may not be listed: node ports that are used there are not counted'
  return [problem('CAPACITY_UNKNOWN', 'info', 'nodePorts', message)]
}

function namespaceProblems({ namespace, state, unread }: NamespaceCapacity): Problem[] {
  const path = `namespaces.${namespace}`
  if (state === 'absent')
    return [problem('NAMESPACE_UNUSABLE', 'warning', path, `The namespace ${namespace} does not exist`)]
  if (state === 'leaving')
    return [problem('NAMESPACE_UNUSABLE', 'warning', path, `The namespace ${namespace} is being deleted`)]
  if (unread.length === 0) return []
  const message = `How much there is in ${namespace} of ${unread.map(nameOf).join(', ')} may not be read: it is not counted`
  return [problem('CAPACITY_UNKNOWN', 'info', path, message)]
}

/** A quota of these refuses each pod that does not say its own. */
const saidByPods = ['cpuRequests', 'memoryRequests', 'cpuLimits', 'memoryLimits']

function quotaProblems({ namespace, bounds }: NamespaceCapacity, total: Amounts): Problem[] {
  if (!total.pods) return []
  return bounds.flatMap(({ of, quota }) => {
    if (quota === null || !saidByPods.includes(of) || (total[of] ?? 0) > 0) return []
    const message = `The quota ${quota} of ${namespace} counts ${nameOf(of)}: pods that name none are refused there, unless the namespace has defaults (LimitRange)`
    return [problem('QUOTA_NEEDS_AMOUNTS', 'warning', `namespaces.${namespace}.${of}`, message)]
  })
}

/** Beyond what Kubernetes is tested with: every node has to follow each of them. */
function manyServices(total: Amounts, { services }: Capacity, reserved: Amounts): Problem[] {
  if (!services) return []
  const [use] = useOf([withReserved(services, reserved)], total)
  if (!use || !exceeds(use)) return []
  const message = `More Services than the cluster is made for: ${sentenceOf(use)}`
  return [problem('MANY_SERVICES', 'warning', '', message)]
}

/** Pods that have no room wait: more nodes may come, and others may go. */
export function nodeProblems(needs: Needs, { nodes }: Capacity, reserved: ReservedAmounts): Problem[] {
  if (!nodes) return []
  const waiting = sumOf(reserved)
  const rows = [
    ['cpuRequests', nodes.cpu, needs.cpuRequests],
    ['memoryRequests', nodes.memory, needs.memoryRequests],
    ['pods', nodes.pods, needs.pods],
  ] as const
  return rows.flatMap(([of, { allocatable, requested }, needed]) => {
    const bound = { of, limit: allocatable, used: requested ?? 0, quota: null }
    const [use] = useOf([withReserved(bound, waiting)], { [of]: needed })
    if (!use || !exceeds(use)) return []
    const message = `The nodes have no room for all: ${sentenceOf(use)}. Some pods would wait for more nodes`
    return [problem('NODES_TOO_SMALL', 'warning', `nodes.${of}`, message)]
  })
}

export function problem(code: string, severity: Severity, path: string, message: string): Problem {
  return { code, severity, path, message }
}
