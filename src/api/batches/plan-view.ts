// What a batch needs and what the cluster has, as the contract shows them. Pure.
import type { Bound, Capacity, NodeAmount, NodesCapacity } from '../../system/capacity.ts'
import { toFullImage } from '../../system/images.ts'
import type { Needs } from '../../system/needs.ts'
import type { BatchNeeds, ClusterCapacity } from '../schemas/batch-plan.ts'

export function toShownNeeds(needs: Needs): BatchNeeds {
  const { cpuRequests, cpuLimits, memoryRequests, memoryLimits, ...rest } = needs
  return {
    ...rest,
    cpu: { requests: cpuRequests, limits: cpuLimits },
    memory: { requests: memoryRequests, limits: memoryLimits },
  }
}

/** `images`: those that are needed. */
export function toShownCapacity(capacity: Capacity, images: readonly string[]): ClusterCapacity {
  const { nodes, nodePorts, services, namespaces } = capacity
  const { limit, used, isWhole } = nodePorts ?? { limit: 0, used: 0, isWhole: false }
  return {
    nodes: nodes ? toShownNodes(nodes) : 'unknown',
    images: nodes ? images.map((image) => toShownImage(image, nodes.images)) : 'unknown',
    nodePorts: { limit, used, counted: isWhole ? 'everywhere' : 'namespaces' },
    services: services ? toShownBound(services) : 'unknown',
    namespaces: namespaces.map(({ namespace, state, bounds, unread }) => ({
      namespace,
      state,
      bounds: bounds.map(toShownBound),
      unknown: unread,
    })),
  }
}

function toShownNodes({ count, cpu, memory, pods }: NodesCapacity) {
  const shown = ({ allocatable, requested }: NodeAmount) => ({
    allocatable,
    requested: requested ?? ('unknown' as const),
  })
  return { count, cpu: shown(cpu), memory: shown(memory), pods: shown(pods) }
}

function toShownBound({ quota, ...bound }: Bound) {
  return { ...bound, ...(quota !== null && { quota }) }
}

const mostNamed = 20

function toShownImage(image: string, onNodes: NodesCapacity['images']) {
  const full = toFullImage(image)
  const lacking = [...onNodes].filter(([, images]) => !images.has(full)).map(([node]) => node)
  return { image, present: onNodes.size - lacking.length, lacking: lacking.slice(0, mostNamed) }
}
