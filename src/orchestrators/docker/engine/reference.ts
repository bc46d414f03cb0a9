// References to images, as an engine takes them apart. Pure. https://github.com/distribution/reference

/** `tag`: a tag or a digest; without one it would be every tag that there is. */
export function splitReference(reference: string): { name: string; tag: string } {
  const at = reference.indexOf('@')
  if (at >= 0) {
    const { name } = splitReference(reference.slice(0, at))
    return { name, tag: reference.slice(at + 1) }
  }
  const colon = reference.lastIndexOf(':')
  const hasTag = colon > reference.lastIndexOf('/')
  return hasTag
    ? { name: reference.slice(0, colon), tag: reference.slice(colon + 1) }
    : { name: reference, tag: 'latest' }
}

/** In full: `nginx` is `docker.io/library/nginx:latest`. */
export function toFullReference(reference: string): string {
  const { name, tag } = splitReference(reference)
  const [first = '', ...rest] = name.split('/')
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost')
  const path = hasHost ? name : `docker.io/${rest.length > 0 ? name : `library/${name}`}`
  return `${path}${tag.includes(':') ? '@' : ':'}${tag}`
}
