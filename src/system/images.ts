// Names of images, written in full.

/** `nginx` is `docker.io/library/nginx`: the first part is a registry if it has a dot, a port or is localhost. */
export function withRegistry(image: string): string {
  const [first = '', ...rest] = image.split('/')
  if (rest.length === 0) return `docker.io/library/${image}`
  return /[.:]/.test(first) || first === 'localhost' ? image : `docker.io/${image}`
}

/** `nginx` is `docker.io/library/nginx:latest`. */
export function toFullImage(image: string): string {
  const full = withRegistry(image)
  return full.includes('@') || full.lastIndexOf(':') > full.lastIndexOf('/') ? full : `${full}:latest`
}
