// What a swarm would refuse of a system's objects, and what of them is not as it was applied.
import type { Problem } from '../../../../problem.ts'
import type { Difference } from '../../../../system/difference.ts'
import type { SystemIdentity } from '../../../../system/spec.ts'
import type { Manifest, Stage } from '../../../orchestrator.ts'
import { concurrently } from '../../../shared/concurrently.ts'
import type { Labels } from '../../engine/live.ts'
import { isOfIncarnation } from '../../engine/selectors.ts'
import { LABEL } from '../../labels.ts'
import type { ServiceObject, SwarmObject } from '../objects.ts'
import type { Finding } from './find.ts'
import { type LiveService, labelsOf } from './live.ts'
import { notOurs, notThere } from './ownership.ts'
import { isPartOf } from './spec.ts'

const requestsAtOnce = 8

type Looked = { object: SwarmObject; manifest: Manifest; labels: Labels | undefined; service?: LiveService }

export async function dryRunOnSwarm(
  finding: Finding,
  identity: SystemIdentity,
  stages: readonly Stage[],
  signal: AbortSignal,
): Promise<Problem[]> {
  const looked = await lookAt(finding, stages, signal)
  return looked.flatMap(({ object, manifest, labels }) => {
    if ('external' in object && object.external) return labels ? [] : notThere(object, manifest).problems
    return labels && !isOfIncarnation(labels, identity) ? notOurs(object, manifest, labels).problems : []
  })
}

export async function findSwarmDifferences(
  finding: Finding,
  identity: SystemIdentity,
  stages: readonly Stage[],
  signal: AbortSignal,
): Promise<Difference[]> {
  const looked = await lookAt(finding, stages, signal)
  return looked.flatMap(({ object, labels, service }) => {
    if ('external' in object && object.external) return []
    const message = differenceOf(object, labels, service, identity)
    return message === undefined ? [] : [{ subject: `${object.kind}/${object.name}`, message }]
  })
}

function differenceOf(
  object: SwarmObject,
  labels: Labels | undefined,
  service: LiveService | undefined,
  identity: SystemIdentity,
): string | undefined {
  if (!labels) return 'was deleted'
  if (!isOfIncarnation(labels, identity)) return 'was replaced by another object of this name'
  if (object.kind !== 'service' || !service) return undefined
  const isAsked = labels[LABEL.hash] === object.labels[LABEL.hash] && isPartOf(askedOf(object), service.Spec)
  return isAsked ? undefined : 'was changed'
}

/** Without what has a number or an id that is only known when it is made. */
function askedOf({ spec, suspended }: ServiceObject): Record<string, unknown> {
  const { EndpointSpec: _ports, Mode: mode, ...rest } = spec
  return suspended ? rest : { ...rest, Mode: mode }
}

async function lookAt(finding: Finding, stages: readonly Stage[], signal: AbortSignal): Promise<Looked[]> {
  const manifests = stages.flatMap((stage) => stage.manifests)
  return concurrently(manifests, requestsAtOnce, async (manifest) => {
    const object = manifest.body as SwarmObject
    switch (object.kind) {
      case 'service': {
        const service = await finding.swarm.service(object.name, signal)
        return { object, manifest, labels: service && labelsOf(service), ...(service && { service }) }
      }
      case 'network': {
        const live = await finding.requests.network(object.name, signal)
        return { object, manifest, labels: live && (live.Labels ?? {}) }
      }
      case 'config':
      case 'secret': {
        const live = await finding.swarm.file(object.kind, object.name, signal)
        return { object, manifest, labels: live && labelsOf(live) }
      }
      default:
        return object satisfies never
    }
  })
}
