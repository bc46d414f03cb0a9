// Stages as they may be shown: what secrets hold and what is called like a secret is masked.
import { maskWhole } from '../../../system/mask-values.ts'
import { isSecretName } from '../../../system/secret-values.ts'
import type { Manifest } from '../../orchestrator.ts'
import { createMaskStages, type MaskText } from '../../shared/mask-stages.ts'
import type { FileEntry, FilesObject } from '../objects.ts'

export const maskStages = createMaskStages(maskBody)

function maskBody(body: Manifest['body'], mask: MaskText): Manifest['body'] {
  if (body.kind !== 'files') return maskTree(body, mask) as Manifest['body']
  const entries = Object.entries(body.entries as FilesObject['entries'])
  return {
    ...body,
    entries: Object.fromEntries(entries.map(([path, entry]) => [path, maskEntry(entry, mask)])),
  }
}

/** Bytes are told apart from base64 by nobody, so that those of a secret are masked as text. */
function maskEntry(entry: FileEntry, mask: MaskText): FileEntry {
  const { content, secret } = entry
  if (!secret) return { ...entry, content: typeof content === 'string' ? mask(content) : content }
  return { ...entry, content: maskWhole(typeof content === 'string' ? content : content.base64) }
}

function maskTree(value: unknown, mask: MaskText): unknown {
  if (typeof value === 'string') return maskVariable(value) ?? mask(value)
  if (Array.isArray(value)) return value.map((item) => maskTree(item, mask))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      typeof item === 'string' && isSecretName(key) ? maskWhole(item) : maskTree(item, mask),
    ]),
  )
}

/** A variable of a container, whose value goes to the end; null for what is none that is called like a secret. */
function maskVariable(text: string): string | null {
  const [name = ''] = text.split('=', 1)
  if (name === text || !/^[\w.-]+$/.test(name) || !isSecretName(name)) return null
  return `${name}=${maskWhole(text.slice(name.length + 1))}`
}
