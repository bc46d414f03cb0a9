// Why an image is not there, and whether waiting can help. Pure.
import { type Diagnosis, final, pending, sentence } from '../../shared/diagnosis.ts'
import { toPlainWords, withoutImage } from '../../shared/plain-words.ts'
import { isRefused } from '../../shared/pull-words.ts'
import { type ContainerState, isPullReason, type Waiting } from './seen-pod.ts'

/** With a kubelet's back-off (10 s, doubled each time) some two and a half minutes. */
const pullsInVain = 5

/** Undefined for a container that waits for something else than its image. */
export function diagnoseImage(container: ContainerState, now: Waiting): Diagnosis | undefined {
  const { image } = container
  if (isPullReason(now.reason)) return diagnosePull(container)
  switch (now.reason) {
    case 'InvalidImageName':
      return final(
        'IMAGE_NAME_INVALID',
        sentence(`${image} can't be the name of an image`, toPlainWords(now.message)),
      )
    case 'ErrImageNeverPull':
      return final('IMAGE_PULL_FAILED', `The image ${image} is not present with pull policy of Never`)
    default:
      return undefined
  }
}

function diagnosePull({ image, pullFailure, failedPulls }: ContainerState): Diagnosis {
  const notYet = `The image ${image} could not be pulled yet`
  if (pullFailure === undefined) return pending(4, 'IMAGE_PULL_RETRIED', notYet)
  const words = withoutImage(toPlainWords(pullFailure), image)
  if (isRefused(pullFailure))
    return final('IMAGE_PULL_FAILED', sentence(`The image ${image} can't be pulled`, words))
  if (failedPulls < pullsInVain) return pending(4, 'IMAGE_PULL_RETRIED', sentence(notYet, words))
  const head = `The image ${image} can't be pulled, and was tried ${failedPulls} times`
  return final('REGISTRY_UNAVAILABLE', sentence(head, words))
}
