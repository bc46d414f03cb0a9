// Stages as they may be shown: the values of Secrets and of what is called like a secret are masked.
import { maskWhole } from '../../../system/mask-values.ts'
import { isSecretName } from '../../../system/secret-values.ts'
import { createMaskStages, type MaskText } from '../../shared/mask-stages.ts'

export const maskStages = createMaskStages(maskBody)

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
