// Clusters to plan with: one with room for everything, and what is less than that.
import type { Bound, Capacity, CapacityAsked, NamespaceCapacity } from '../../src/system/capacity.ts'

export function ampleCapacity({ namespaces, nodePorts }: CapacityAsked): Capacity {
  return {
    namespaces: namespaces.map((namespace) => namespaceWith(namespace, [])),
    services: { of: 'Service', limit: 1_000_000, used: 1, quota: null },
    nodePorts: nodePorts ? { limit: 1_000_000, used: 0, isWhole: true } : null,
    nodes: null,
  }
}

export function namespaceWith(namespace: string, bounds: Bound[]): NamespaceCapacity {
  return { namespace, state: 'present', bounds, unread: [] }
}

/** A limit of scale. */
export function bound(of: string, limit: number, used = 0): Bound {
  return { of, limit, used, quota: null }
}
