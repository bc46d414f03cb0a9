// Which images the pods of compiled stages need, and what decides where and how they are pulled. Pure.
import type { V1Container, V1PodSpec } from '@kubernetes/client-node'
import type { ImagePull, PullPolicy } from '../../../system/image-pull.ts'
import type { Stage } from '../../orchestrator.ts'
import { podTemplateOf } from '../pod-template.ts'
import type { PullPlace } from '../pull-place.ts'

const POLICIES: Readonly<Record<string, PullPolicy>> = {
  Always: 'always',
  IfNotPresent: 'missing',
  Never: 'never',
}

/** Each once, in the order in which the stages name them. Steps that run before a service count too. */
export function pullsOf(stages: readonly Stage[]): ImagePull[] {
  const pods = stages.flatMap(({ manifests }) =>
    manifests.flatMap(({ body }) => podTemplateOf<V1PodSpec>(body.spec as object)?.spec ?? []),
  )
  const pulls = pods.flatMap(toPulls)
  return [...new Map(pulls.map((pull) => [JSON.stringify(pull), pull])).values()]
}

function toPulls(pod: V1PodSpec): ImagePull[] {
  const where = toPlace(pod)
  return [...(pod.initContainers ?? []), ...pod.containers].map(({ image = '', imagePullPolicy }) => ({
    image,
    policy: toPolicy(imagePullPolicy),
    where,
  }))
}

function toPolicy(policy: V1Container['imagePullPolicy']): PullPolicy {
  return POLICIES[policy ?? ''] ?? null
}

/** How pods keep away from each other says nothing about nodes. */
function toPlace({ affinity, ...pod }: V1PodSpec): PullPlace {
  const nodeAffinity = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  return {
    ...(pod.nodeSelector && { nodeSelector: pod.nodeSelector }),
    ...(pod.tolerations && { tolerations: pod.tolerations }),
    ...(nodeAffinity && { nodeAffinity }),
    ...(pod.imagePullSecrets && { imagePullSecrets: pod.imagePullSecrets }),
    ...(pod.serviceAccountName && { serviceAccountName: pod.serviceAccountName }),
  }
}
