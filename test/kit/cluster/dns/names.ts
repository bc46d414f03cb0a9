/**
 * What a cluster name resolves to, from the API server's Services and Endpoints. Pure.
 * The rules are those of the Kubernetes DNS specification for A records:
 * https://github.com/kubernetes/dns/blob/master/docs/specification.md
 */

export type Service = {
  metadata: { namespace: string; name: string }
  spec: { clusterIP?: string; externalName?: string }
}

type Address = { ip: string; hostname?: string }

export type Endpoints = {
  metadata: { namespace: string; name: string }
  /** With publishNotReadyAddresses the cluster lists pods that are not ready among the addresses. */
  subsets?: { addresses?: Address[]; notReadyAddresses?: Address[] }[]
}

/** The cluster's objects by `<namespace>/<name>`. */
export type Records = { services: ReadonlyMap<string, Service>; endpoints: ReadonlyMap<string, Endpoints> }

/**
 * The addresses of a name; undefined where the name does not exist (NXDOMAIN).
 * Knows `<service>.<namespace>.svc.<domain>` and `<hostname>.<service>.<namespace>.svc.<domain>`.
 */
export function findAddresses(records: Records, domain: string, name: string): string[] | undefined {
  const suffix = `.svc.${domain}`
  const wanted = name.toLowerCase().replace(/\.$/, '')
  if (!wanted.endsWith(suffix)) return undefined
  const labels = wanted.slice(0, -suffix.length).split('.')
  const [namespace, service, hostname, ...more] = labels.reverse()
  const id = `${namespace}/${service}`
  const found = records.services.get(id)
  if (!found || more.length > 0) return undefined
  const isHeadless = found.spec.clusterIP === 'None'
  const addresses = listAddresses(records.endpoints.get(id))
  if (hostname !== undefined) {
    const own = addresses.filter((address) => address.hostname === hostname)
    return own.length > 0 ? own.map(({ ip }) => ip) : undefined
  }
  if (isHeadless) return addresses.length > 0 ? addresses.map(({ ip }) => ip) : undefined
  return found.spec.clusterIP ? [found.spec.clusterIP] : []
}

function listAddresses(endpoints: Endpoints | undefined): Address[] {
  return (endpoints?.subsets ?? []).flatMap(({ addresses }) => addresses ?? [])
}
