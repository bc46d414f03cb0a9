// Stages as they may be shown: what secrets hold and what is called like a secret is masked.
import { maskWhole } from '../../../../system/mask-values.ts'
import type { Manifest, Stage } from '../../../orchestrator.ts'
import { maskStages as maskTexts } from '../../compile/mask-stages.ts'
import type { FileObject } from '../objects.ts'

/** `values`: secrets that are masked wherever they stand. */
export function maskStages(stages: readonly Stage[], values: readonly string[]): Stage[] {
  const masked = maskTexts(stages, values)
  return masked.map((stage) => ({ ...stage, manifests: stage.manifests.map(withoutSecret) }))
}

function withoutSecret(manifest: Manifest): Manifest {
  const { kind, content } = manifest.body as Partial<FileObject>
  if (kind !== 'secret' || !content) return manifest
  const text = typeof content === 'string' ? content : content.base64
  return { ...manifest, body: { ...manifest.body, content: maskWhole(text) } }
}
