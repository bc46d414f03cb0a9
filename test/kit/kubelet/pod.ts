/** The parts of a Pod that the stand-in reads, and what it can make of one. */

type NodeSelector = { nodeSelectorTerms: { matchFields?: { key: string; values?: string[] }[] }[] }

export type Container = { name: string; image: string }

export type Pod = {
  metadata: {
    name: string
    namespace: string
    uid: string
    labels?: Record<string, string>
    deletionTimestamp?: string
    resourceVersion: string
  }
  spec: {
    nodeName?: string
    containers: Container[]
    initContainers?: Container[]
    affinity?: { nodeAffinity?: { requiredDuringSchedulingIgnoredDuringExecution?: NodeSelector } }
  }
  status?: { phase?: string }
}

/**
 * What becomes of a pod: `held` stays bound and without a container, `waiting` has containers that can't start,
 * `ended` had containers that ran to their end.
 */
export type PodState =
  | { is: 'ready' }
  | { is: 'running' }
  | { is: 'held' }
  | { is: 'waiting'; reason: string; message: string }
  | { is: 'ended'; exitCode: number }

/** The node that a DaemonSet has made the pod for, which it leaves to a scheduler to bind. */
export function meantFor({ spec }: Pod): string | undefined {
  const selector = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  const fields = (selector?.nodeSelectorTerms ?? []).flatMap(({ matchFields }) => matchFields ?? [])
  return fields.find(({ key }) => key === 'metadata.name')?.values?.[0]
}

export const podPath = ({ metadata: { namespace, name } }: Pod): string =>
  `/api/v1/namespaces/${namespace}/pods/${name}`
