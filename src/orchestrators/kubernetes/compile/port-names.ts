// Names of a V1Service's ports: the file's own where Kubernetes allows them, else by protocol and number.
import type { PublishedPort } from './ports.ts'

/** RFC 6335, section 5.1: the longest name of a port. */
const NAME_MAX = 15
const generated = /^(tcp|udp|sctp)-\d+$/

/** One name per port, unique among them, in their order. */
export function toPortNames(ports: readonly PublishedPort[]): string[] {
  const taken = new Set<string>()
  return ports.map((published) => {
    const wish = toPortName(published.spec.name ?? '')
    const name = wish === '' || taken.has(wish) ? toGeneratedName(published) : wish
    taken.add(name)
    return name
  })
}

function toGeneratedName({ port, spec }: PublishedPort): string {
  return `${spec.protocol}-${port}`
}

/** What is left of a name under RFC 6335; empty when it has no letter, or the form of a generated name. */
function toPortName(name: string): string {
  const short = trimHyphens(
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+/, '')
      .slice(0, NAME_MAX),
  )
  return /[a-z]/.test(short) && !generated.test(short) ? short : ''
}

function trimHyphens(text: string): string {
  return text.replace(/^-+|-+$/g, '')
}
