// Stages as they may be shown: the values of Secrets and of what is called like a secret are masked.
import { maskWhole } from '../../../system/mask-values.ts'
import { createMasker, isSecretName } from '../../../system/secret-values.ts'
import type { Stage } from '../../orchestrator.ts'

type MaskText = (text: string) => string

/** `values`: secrets that are masked wherever they stand. */
export function maskStages(stages: readonly Stage[], values: readonly string[]): Stage[] {
  const mask = createMasker(values)
  return stages.map((stage) => ({
    ...stage,
    manifests: stage.manifests.map((manifest) => ({ ...manifest, body: maskBody(manifest.body, mask) })),
  }))
}

function maskBody(body: Record<string, unknown>, mask: MaskText): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [
      key,
      body.kind === 'Secret' && (key === 'data' || key === 'stringData')
        ? maskValues(value)
        : maskTree(value, mask),
    ]),
  )
}

/** The mask is no base64, so that nobody applies it by mistake. */
function maskValues(data: unknown): unknown {
  return Object.fromEntries(Object.entries(data ?? {}).map(([key, value]) => [key, maskWhole(String(value))]))
}

function maskTree(value: unknown, mask: MaskText): unknown {
  if (typeof value === 'string') return mask(value)
  if (Array.isArray(value)) return value.map((item) => maskTree(item, mask))
  if (typeof value !== 'object' || value === null) return value
  const { name, value: given } = value as { name?: unknown; value?: unknown }
  // A variable of a container.
  if (typeof name === 'string' && typeof given === 'string' && isSecretName(name))
    return { ...value, value: maskWhole(given) }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskTree(item, mask)]))
}
