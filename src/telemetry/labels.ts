// Label values: few by construction, since each new one is a new series for as long as the process lives.

/** What is told instead of a value that is one too many, or that is not of the shape. */
const other = 'other'

/** Lets through the first `most` values that have the shape. */
export function createBound(most: number, shape = /^[\w.:*/{}-]{1,120}$/): (value: string) => string {
  const known = new Set<string>()
  return (value) => {
    if (known.has(value)) return value
    if (known.size >= most || !shape.test(value)) return other
    known.add(value)
    return value
  }
}

/** Plural of the resource in a path of the Kubernetes API, such as `deployments`; a subresource is its resource's. */
export function resourceOf(path: string): string {
  const [root, ...rest] = path.split('?', 1)[0]?.split('/').filter(Boolean) ?? []
  const inGroup = root === 'api' ? rest.slice(1) : root === 'apis' ? rest.slice(2) : []
  const isNamespaced = inGroup[0] === 'namespaces' && inGroup.length > 2
  return (isNamespaced ? inGroup[2] : inGroup[0]) ?? root ?? other
}
