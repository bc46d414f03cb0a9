// How much of something the containers of one pod take together.
import { readQuantity } from './quantity.ts'

export type ContainersOf<Container> = { containers?: Container[]; initContainers?: Container[] }

/**
 * Containers run together, and those of the start before them: the greater of both counts
 * (https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers). `of`: the
 * quantity of one; undefined is none.
 */
export function amountOfPod<Container>(
  { containers = [], initContainers = [] }: ContainersOf<Container>,
  of: (container: Container) => string | undefined,
): number {
  const running = containers.reduce((sum, one) => sum + readQuantity(of(one)), 0)
  return Math.max(running, ...initContainers.map((one) => readQuantity(of(one))))
}
