// The version of a service: its workload, and which generation of what is asked of it.

import type { Version } from '../../../system/readiness.ts'
import type { Manifest } from '../../orchestrator.ts'
import { kindOf } from './kinds.ts'
import type { KubeObject } from './objects.ts'
import { servicesIn } from './pod-services.ts'

export function versionOf({ uid, generation }: { uid: string; generation?: number }): Version {
  return { of: uid, number: generation ?? 0 }
}

/** The versions of the services whose workloads were written. */
export function toVersions(
  written: readonly { manifest: Manifest; live: KubeObject }[],
): Record<string, Version> {
  const entries = written.flatMap(({ manifest, live }): [string, Version][] => {
    const services = isWorkload(manifest) ? servicesIn(live.metadata) : []
    return services.map((service) => [service, versionOf(live.metadata)])
  })
  return Object.fromEntries(entries)
}

export function isWorkload({ body }: Manifest): boolean {
  return kindOf(`${body.apiVersion}`, `${body.kind}`)?.role === 'workload'
}
