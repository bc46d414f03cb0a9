// `extra_hosts` and DNS settings of a pod.
import type { V1HostAlias, V1PodDNSConfig } from '@kubernetes/client-node'
import type { Problem } from '../../../problem.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import { remark } from './dispositions.ts'

/** Grouped by address, as a hosts file is; `own`: addresses of names that the pod has for itself. */
export function toHostAliases(
  { extraHosts }: Pick<ServiceSpec, 'extraHosts'>,
  own: ServiceSpec['extraHosts'],
): V1HostAlias[] | undefined {
  const hosts = new Map<string, string[]>()
  for (const [host, addresses] of Object.entries({ ...own, ...extraHosts })) {
    for (const ip of addresses) hosts.set(ip, [...(hosts.get(ip) ?? []), host])
  }
  if (hosts.size === 0) return undefined
  return [...hosts].map(([ip, hostnames]) => ({ ip, hostnames }))
}

/** The service's own search domains and options after those of the system. */
export function withDns(
  config: V1PodDNSConfig | undefined,
  { dns }: ServiceSpec,
): V1PodDNSConfig | undefined {
  if (dns.search.length === 0 && dns.options.length === 0) return config
  const options = dns.options.map((option) => {
    const [name = '', ...value] = option.split(':')
    return value.length > 0 ? { name, value: value.join(':') } : { name }
  })
  const own = new Set(options.map(({ name }) => name))
  const searches = [...(config?.searches ?? []), ...dns.search]
  const kept = (config?.options ?? []).filter(({ name }) => name === undefined || !own.has(name))
  return {
    ...config,
    ...(searches.length > 0 && { searches }),
    ...(kept.length + options.length > 0 && { options: [...kept, ...options] }),
  }
}

/** All versions take so many search domains; the system's own are three of them (KEP-2595). */
const OWN_SEARCHES = 3
const MAX_SEARCHES = 6

export function checkHosts(name: string, { extraHosts, dns }: ServiceSpec): Problem[] {
  const gateways = Object.entries(extraHosts).filter(([, addresses]) => addresses.includes('host-gateway'))
  const problems = gateways.map(([host]) => {
    const message = `\`host-gateway\` is the machine that Docker runs on, which a pod does not know: give \`${host}\` an address.`
    return remark('HOST_GATEWAY', `services.${name}.extra_hosts.${host}`, message)
  })
  if (dns.search.length <= MAX_SEARCHES - OWN_SEARCHES) return problems
  const message = `A pod takes ${MAX_SEARCHES - OWN_SEARCHES} search domains of its own: remove some from \`${name}\`.`
  return [...problems, remark('DNS_LIMIT', `services.${name}.dns_search`, message)]
}
