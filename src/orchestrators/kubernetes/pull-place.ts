// What the compiler and the engine say to each other about where an image is pulled (`ImagePull.where`).
import type { V1NodeSelector, V1PodSpec } from '@kubernetes/client-node'

/** Of a pod's spec; what is left out is not said. */
export type PullPlace = Pick<
  V1PodSpec,
  'nodeSelector' | 'tolerations' | 'imagePullSecrets' | 'serviceAccountName'
> & { nodeAffinity?: V1NodeSelector }
