// What a system counts on in its namespace and does not make: what its file calls external is there, and nobody else
// answers to the names of its services where only the namespace can tell.

import { mountsOf } from '../../../system/mounts-of.ts'
import { toHostname } from '../../../system/names.ts'
import { networksOf } from '../../../system/networks.ts'
import type { Assumption } from '../../orchestrator.ts'
import { isMade, toClaimName } from './claims.ts'
import { type Context, hasDiscovery } from './context.ts'
import { remark } from './dispositions.ts'
import { type Section, toHeldFile } from './file-objects.ts'
import { driverOf } from './volume-driver.ts'

type Object = Assumption['object']

/** Each object once. */
export function toAssumptions(context: Context): Assumption[] {
  const all = [
    ...toFiles('configs', context),
    ...toFiles('secrets', context),
    ...toVolumes(context),
    ...toMountedClaims(context),
    ...toFreeNames(context),
  ]
  const byObject = new Map(all.toReversed().map((one) => [JSON.stringify(one.object), one]))
  return [...byObject.values()].toReversed()
}

function toFiles(section: Section, context: Context): Assumption[] {
  const kind = section === 'configs' ? 'ConfigMap' : 'Secret'
  return Object.entries(context.spec[section])
    .filter(([, { source }]) => source.kind === 'external')
    .map(([source]) => {
      const { name, key } = toHeldFile(section, source, context)
      const message = `The namespace has no ${kind} \`${name}\` with the key \`${key}\`, and the file says that it is there: create it, or correct its name.`
      const problem = remark('EXTERNAL_NOT_FOUND', `${section}.${source}`, message)
      return { object: { apiVersion: 'v1', kind, name, key }, is: 'present', problem }
    })
}

/** Volumes of the file that are there already, as claims. */
function toVolumes(context: Context): Assumption[] {
  return Object.entries(context.spec.volumes)
    .filter(([, volume]) => !isMade(volume) && driverOf(volume).kind === 'claim')
    .map(([key]) => present('PersistentVolumeClaim', toClaimName(key, context), `volumes.${key}`))
}

/** Claims that a service mounts by their own names. */
function toMountedClaims({ spec }: Context): Assumption[] {
  return Object.entries(spec.services).flatMap(([name, service]) =>
    mountsOf(service, spec).flatMap((mount) =>
      mount.type === 'claim'
        ? [present('PersistentVolumeClaim', mount.claim, `services.${name}.volumes`)]
        : [],
    ),
  )
}

function present(kind: Object['kind'], name: string, path: string): Assumption {
  const message = `The namespace has no ${kind} \`${name}\`, and the file says that it is there: create it, or correct its name.`
  const problem = remark('EXTERNAL_NOT_FOUND', path, message)
  return { object: { apiVersion: 'v1', kind, name }, is: 'present', problem }
}

/**
 * Without the address of the cluster's DNS a pod searches its namespace before its system (see `toPodNames`), so a
 * V1Service of the namespace takes the name of a service away.
 */
function toFreeNames(context: Context): Assumption[] {
  const { facts, spec } = context
  if (facts.dns || !hasDiscovery(context)) return []
  return Object.entries(spec.services)
    .filter(([, service]) => networksOf(service).length > 0)
    .map(([key]) => {
      const name = toHostname(key)
      const message = `The namespace has a Service \`${name}\`, which would answer in place of this system's \`${key}\`: rename one of both, or have the operator set TYCHO_CLUSTER_DNS.`
      const problem = remark('SERVICE_NAME_TAKEN', `services.${key}`, message)
      return { object: { apiVersion: 'v1', kind: 'Service', name }, is: 'absent', problem }
    })
}
