// Names of objects and hosts: what Compose allows, made into what Kubernetes allows.

import { cutLabel, LABEL_MAX, toHostname, toServiceName } from '../../../system/names.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import { KOMPOSE } from './kompose.ts'

/** Leaves room for what Kubernetes appends to the names of Jobs and pods (11 characters by a CronJob). */
const OBJECT_NAME_MAX = 52

/**
 * The name that the workload of a service and its V1Service share: `<system>-<service>`, or `<system>` where
 * the service is called as the system. RFC 1035, as V1Services need; the system's name is one already.
 */
export function toObjectName(system: string, service: string): string {
  return toServiceName(system, service, OBJECT_NAME_MAX)
}

/** The object name, unless Kompose's label gives another one, as it is. */
export function toOwnName(system: string, service: string, { labels }: Pick<ServiceSpec, 'labels'>): string {
  return labels[KOMPOSE.nameOverride] ?? toObjectName(system, service)
}

/**
 * The name of the V1Service by whose address the other services find a StatefulSet. No service can have it, for the same
 * reason as that of the headless one, which it never is: `net` has no second hyphen.
 */
export function toAddressName(system: string, service: string): string {
  return cutLabel(`${system}--at-${toHostname(service)}`, LABEL_MAX)
}

/**
 * The name of the system's headless V1Service. No service of the system can have it: after the system's name
 * and one hyphen a service's object name goes on with a letter or a digit.
 */
export function toHeadlessName(system: string): string {
  return `${system}--net`
}
