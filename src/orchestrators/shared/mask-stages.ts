// Stages as they may be shown, of whichever orchestrator.
import { createMasker } from '../../system/secret-values.ts'
import type { Manifest, Orchestrator } from '../orchestrator.ts'

export type MaskText = (text: string) => string

/** `maskBody`: what of a body holds a secret where, or is called like one, is the orchestrator's to know. */
export function createMaskStages(
  maskBody: (body: Manifest['body'], mask: MaskText) => Manifest['body'],
): Orchestrator['maskStages'] {
  return (stages, values) => {
    const mask = createMasker(values)
    return stages.map((stage) => ({
      ...stage,
      manifests: stage.manifests.map((manifest) => ({ ...manifest, body: maskBody(manifest.body, mask) })),
    }))
  }
}
