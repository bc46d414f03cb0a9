// How the services of one system find each other by name, whatever else runs in the namespace.
import type { V1PodSpec, V1Service } from '@kubernetes/client-node'
import type { Problem } from '../../../problem.ts'
import { toHostname } from '../../../system/names.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Manifest } from '../../orchestrator.ts'
import { type Context, hasDiscovery } from './context.ts'
import { remark } from './dispositions.ts'
import { withDns } from './hosts.ts'
import { toManifest, toMetadata } from './manifest.ts'
import { toHeadlessName } from './names.ts'
import { toSystemLabels, toSystemSelector } from './object-labels.ts'
import { isStateful } from './stable-address.ts'

/** The domain of a cluster that does not say its own: kubeadm's default and nearly everyone's. */
const DEFAULT_DOMAIN = 'cluster.local'
/** As pods of `dnsPolicy: ClusterFirst` have it: names with fewer dots go through the search list first. */
const NDOTS = '5'

type PodNames = Pick<V1PodSpec, 'hostname' | 'subdomain' | 'dnsPolicy' | 'dnsConfig'>

/**
 * The headless V1Service of a system, which is also its owner. A pod with its name as subdomain is found as
 * `<hostname>.<headless>` (https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/), with or
 * without ports, and also while it is not ready.
 */
export function toHeadlessService({ identity }: Context): Manifest {
  const object = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: toMetadata(identity, toHeadlessName(identity.name), toSystemLabels(identity)),
    spec: {
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector: toSystemSelector(identity),
    },
  } satisfies V1Service
  return toManifest(object, 'services')
}

/** The name of a pod, unless its StatefulSet gives it one, and the names that it resolves. */
export function toPodNames(name: string, service: ServiceSpec, context: Context): PodNames {
  const given = !isStateful(name, service, context)
  const hostname = given ? toHostname(name) : undefined
  if (!hasDiscovery(context)) return { hostname, dnsConfig: withDns(undefined, service) }
  const { dnsPolicy, dnsConfig } = toDns(context)
  const subdomain = given ? toHeadlessName(context.identity.name) : undefined
  return { hostname, subdomain, dnsPolicy, dnsConfig: withDns(dnsConfig, service) }
}

/**
 * The search list leaves out `<namespace>.svc.<domain>`: a stranger's V1Service `redis` must not answer while
 * ours is being replaced. Only a pod of `dnsPolicy: None` can leave it out, and that needs the DNS' address.
 */
function toDns({ identity, facts }: Context): Pick<V1PodSpec, 'dnsPolicy' | 'dnsConfig'> {
  const domain = facts.dns?.domain ?? DEFAULT_DOMAIN
  const own = `${toHeadlessName(identity.name)}.${identity.namespace}.svc.${domain}`
  if (!facts.dns) return { dnsPolicy: 'ClusterFirst', dnsConfig: { searches: [own] } }
  return {
    dnsPolicy: 'None',
    dnsConfig: {
      nameservers: [facts.dns.address],
      searches: [own, `svc.${domain}`, domain],
      options: [{ name: 'ndots', value: NDOTS }],
    },
  }
}

export function checkDiscovery(context: Context): Problem[] {
  if (context.facts.dns || !hasDiscovery(context)) return []
  const message =
    "The address of the cluster's DNS is not known: a Service of the namespace that is called like one of this system, and made later, answers in its place."
  return [remark('DNS_ADDRESS_UNKNOWN', 'services', message)]
}
