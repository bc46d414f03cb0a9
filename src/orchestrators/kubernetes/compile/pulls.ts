// Which images the pods of compiled stages need, and what decides where and how they are pulled. Pure.
import type { V1Container, V1PodSpec } from '@kubernetes/client-node'
import type { ImagePull, PullPolicy } from '../../../system/image-pull.ts'
import type { Stage } from '../../orchestrator.ts'
import type { PullPlace } from '../pull-place.ts'

const POLICIES: Readonly<Record<string, PullPolicy>> = {
  Always: 'always',
  IfNotPresent: 'missing',
  Never: 'never',
}

/** Each once, in the order in which the stages name them. Steps that run before a service count too. */
export function pullsOf(stages: readonly Stage[]): ImagePull[] {
  const pods = stages.flatMap(({ manifests }) => manifests.flatMap(({ body }) => podOf(body) ?? []))
  const pulls = pods.flatMap(toPulls)
  return [...new Map(pulls.map((pull) => [JSON.stringify(pull), pull])).values()]
}

type Templated = { spec?: { template?: { spec?: V1PodSpec }; jobTemplate?: Templated } }

/** Of a workload of any kind; what makes Jobs has their template in its own. */
function podOf(body: object): V1PodSpec | undefined {
  const { spec } = body as Templated
  return spec?.template?.spec ?? (spec?.jobTemplate && podOf(spec.jobTemplate))
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
