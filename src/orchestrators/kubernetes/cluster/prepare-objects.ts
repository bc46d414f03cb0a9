// The DaemonSets of a preparation: pods on every node that would take the template's, which have an image each of its
// containers and run nothing. So no right on nodes is needed, and whatever keeps pods from a node keeps these from it.
import type { V1Container, V1DaemonSet, V1PodSpec } from '@kubernetes/client-node'
import type { ImagePull, PullPolicy } from '../../../system/image-pull.ts'
import type { PreparationInput } from '../../orchestrator.ts'
import { LABEL, MANAGER } from '../labels.ts'
import type { PullPlace } from '../pull-place.ts'

/** A kubelet tells of a pod's images when it is through with all of them: so many are pulled between two reports. */
export const IMAGES_PER_POD = 8

/**
 * No image has this. The program that an image has is not run, and no shell is asked for; that this one can't be started is
 * found out after the image was pulled.
 */
const NO_PROGRAM = '/tycho/runs-nothing'

/** Of what a user who is nobody needs to start nothing; so little that a full node takes it. */
const RESOURCES = { requests: { cpu: '1m', memory: '1Mi' }, limits: { cpu: '10m', memory: '16Mi' } }

const POLICIES = { always: 'Always', missing: 'IfNotPresent', never: 'Never' } as const

/** Everything of all preparations. */
export const preparationSelector = `${LABEL.managedBy}=${MANAGER},${LABEL.preparation}`

export function preparationSelectorOf(id: string): string {
  return `${LABEL.managedBy}=${MANAGER},${LABEL.preparation}=${id}`
}

/** The pods of one DaemonSet. */
export function podSelectorOf(name: string): string {
  return `${LABEL.instance}=${name}`
}

/** The same input gives the same objects under the same names, so that whoever goes on makes only what is missing. */
export function toDaemonSets(input: PreparationInput): V1DaemonSet[] {
  const places = Map.groupBy([...input.pulls.entries()], ([, { where }]) => JSON.stringify(where))
  const chunks = [...places.values()].flatMap((pulls) => chunked(pulls, IMAGES_PER_POD))
  return chunks.map((pulls, at) => toDaemonSet(input, pulls, at))
}

/** Which of the preparation's images a container has; null for one of somebody else's. */
export function pullIndexOf(container: string): number | null {
  const [, index] = /^image-(\d+)$/.exec(container) ?? []
  return index === undefined ? null : Number(index)
}

type Numbered = [index: number, pull: ImagePull]

function toDaemonSet(
  { id, tenant, namespace }: PreparationInput,
  pulls: readonly Numbered[],
  at: number,
): V1DaemonSet {
  const name = `tycho-prepare-${id}-${at}`
  const labels = {
    [LABEL.name]: 'tycho-preparation',
    [LABEL.managedBy]: MANAGER,
    [LABEL.tenant]: tenant,
    [LABEL.preparation]: id,
  }
  const own = { ...labels, [LABEL.instance]: name }
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace, labels },
    spec: {
      selector: { matchLabels: { [LABEL.instance]: name } },
      template: { metadata: { labels: own }, spec: toPodSpec(pulls) },
    },
  }
}

/** What pod security `restricted` asks for. */
function toPodSpec(pulls: readonly Numbered[]): V1PodSpec {
  const { nodeAffinity, ...place } = (pulls[0]?.[1].where ?? {}) as PullPlace
  return {
    ...place,
    ...(nodeAffinity && {
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: nodeAffinity } },
    }),
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 0,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65534,
      runAsGroup: 65534,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: pulls.map(toContainer),
  }
}

function toContainer([index, { image, policy }]: Numbered): V1Container {
  return {
    name: `image-${index}`,
    image,
    ...toPolicy(policy),
    command: [NO_PROGRAM],
    resources: RESOURCES,
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
  }
}

function toPolicy(policy: PullPolicy): Pick<V1Container, 'imagePullPolicy'> {
  return policy === null ? {} : { imagePullPolicy: POLICIES[policy] }
}

function chunked<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
    items.slice(at * size, (at + 1) * size),
  )
}
