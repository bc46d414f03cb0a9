// What the engine would refuse of a system's objects, as far as that can be known without making them.
import type { Problem } from '../../../problem.ts'
import type { SystemIdentity } from '../../../system/spec.ts'
import type { Stage } from '../../orchestrator.ts'
import { concurrently } from '../../shared/concurrently.ts'
import type { ContainerObject } from '../objects.ts'
import { publishedBy } from './host-ports.ts'
import { type Labels, type ListedContainer, labelsOf } from './live.ts'
import type { Requests } from './requests.ts'
import { notOurs, notThere, type Wanted, wantedOf } from './scope.ts'
import { isOfIncarnation, isOfSystem } from './selectors.ts'

const requestsAtOnce = 8

/** Throws TychoError where there is no verdict: no engine, or one in trouble. */
export async function dryRunStages(
  requests: Requests,
  identity: SystemIdentity,
  stages: readonly Stage[],
  signal: AbortSignal,
): Promise<Problem[]> {
  const wanted = stages.flatMap((stage) => wantedOf(stage))
  const containers = await requests.containers('{}', signal)
  const verdicts = await concurrently(wanted, requestsAtOnce, (one) =>
    verdictOn(one, { identity, requests, containers }, signal),
  )
  return verdicts.flat()
}

type Trial = { identity: SystemIdentity; requests: Requests; containers: readonly ListedContainer[] }

async function verdictOn(wanted: Wanted, trial: Trial, signal: AbortSignal): Promise<Problem[]> {
  const { identity, requests } = trial
  const { object } = wanted
  const isHeld = (labels: Labels | null | undefined) => !isOfIncarnation(labels ?? {}, identity)
  switch (object.kind) {
    case 'container': {
      const live = await requests.container(object.name, signal)
      const held = live && isHeld(labelsOf(live)) ? notOurs(wanted, labelsOf(live)).problems : []
      return [...held, ...takenPorts({ object, manifest: wanted.manifest }, trial)]
    }
    case 'network': {
      const live = await requests.network(object.name, signal)
      if (object.external) return live ? [] : notThere(wanted).problems
      return live?.Name === object.name && isHeld(live.Labels)
        ? notOurs(wanted, live.Labels ?? {}).problems
        : []
    }
    case 'volume': {
      const live = await requests.volume(object.name, signal)
      if (object.external) return live ? [] : notThere(wanted).problems
      return live && !isOfSystem(live.Labels ?? {}, identity)
        ? notOurs(wanted, live.Labels ?? {}).problems
        : []
    }
    case 'files': {
      const live = await requests.volume(object.name, signal)
      return live && isHeld(live.Labels) ? notOurs(wanted, live.Labels ?? {}).problems : []
    }
    case 'image': {
      const isMissing =
        object.pull === 'never' && !object.build && !(await requests.image(object.name, signal))
      return isMissing ? [neverPulled(wanted)] : []
    }
    default:
      return object satisfies never
  }
}

function neverPulled({ object, manifest }: Wanted): Problem {
  const message = `The image ${object.name} is not on the engine, and is never to be pulled`
  return { code: 'IMAGE_PULL_FAILED', severity: 'error', path: manifest.path, message }
}

/** Another port would be published instead. */
function takenPorts(
  { object, manifest }: Wanted<ContainerObject>,
  { containers, identity }: Trial,
): Problem[] {
  const others = containers.filter(({ Labels }) => !isOfIncarnation(Labels ?? {}, identity))
  return object.ports.flatMap(({ asked, protocol }) => {
    const holder =
      asked && asked.from === asked.to ? publishedBy(others, protocol).get(asked.from) : undefined
    if (!asked || holder === undefined) return []
    const message = `Port ${asked.from}/${protocol} is taken by the container ${holder}; another one would be published`
    return [{ code: 'PORT_TAKEN', severity: 'warning', path: manifest.path, message }]
  })
}
