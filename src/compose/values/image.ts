// Image references, by the grammar of the distribution project (reference.go) and Docker's rules for names.

const HOST =
  '(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\\[[a-fA-F0-9:]+\\])'
const REGISTRY = new RegExp(`^${HOST}(?::[0-9]+)?$`)
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/
const TAG = /^\w[\w.-]{0,127}$/
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/

/** What is wrong with an image reference, as the end of a sentence; null when nothing is. */
export function whyNoImage(image: string): string | null {
  if (image.length > 1024) return 'it is too long'
  if (/\s/.test(image)) return 'there are spaces in it'
  const [named = '', digest, ...rest] = image.split('@')
  if (rest.length > 0 || (digest !== undefined && !DIGEST.test(digest)))
    return 'the digest after `@` is malformed'
  const colon = named.lastIndexOf(':')
  const hasTag = colon > named.lastIndexOf('/')
  if (hasTag && !TAG.test(named.slice(colon + 1))) return 'the tag after `:` is malformed'
  return whyNoName(hasTag ? named.slice(0, colon) : named)
}

function whyNoName(name: string): string | null {
  const parts = name.split('/')
  const [first = ''] = parts
  const hasRegistry = parts.length > 1 && (/[.:A-Z]/.test(first) || first === 'localhost')
  if (hasRegistry && !REGISTRY.test(first)) return 'the registry is malformed'
  const path = hasRegistry ? parts.slice(1) : parts
  if (path.join('/').length > 255) return 'its name is longer than 255 characters'
  if (path.some((part) => /[A-Z]/.test(part))) return 'the name must be in lower case'
  if (path.some((part) => !COMPONENT.test(part))) return 'the name is malformed'
  if (!hasRegistry && /^[0-9a-f]{64}$/.test(name)) return 'it is an id, not a name'
  return null
}
