// Which images the containers of compiled stages need, each once. Pure.
import type { ImagePull } from '../../../system/image-pull.ts'
import type { Stage } from '../../orchestrator.ts'
import type { EngineObject } from '../objects.ts'

/** What is built of the request's files is nowhere to be pulled from. */
export function pullsOf(stages: readonly Stage[]): ImagePull[] {
  const objects = stages.flatMap(({ manifests }) => manifests.map(({ body }) => body as EngineObject))
  return objects.flatMap((object) => {
    if (object.kind !== 'image' || object.build) return []
    const where = object.platform === null ? {} : { platform: object.platform }
    return [{ image: object.name, policy: object.pull, where }]
  })
}
