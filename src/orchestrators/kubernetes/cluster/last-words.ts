// The last log lines of a service that is not well.
import type { SystemIdentity } from '../../../system/spec.ts'
import type { LastWords } from '../../orchestrator.ts'
import { codes, hasCode } from './api-error.ts'
import type { Client } from './client.ts'
import { kindOf, pathOf } from './kinds.ts'
import type { KubeObject } from './objects.ts'
import { containersOf, serviceOf } from './pod-services.ts'
import type { Resources } from './resources.ts'
import { type ContainerState, toPodState } from './seen-pod.ts'
import { selectorOf } from './selectors.ts'

const lines = 20
const longestLine = 500

type Speaker = { pod: KubeObject; container: ContainerState }

/** Of the container that has failed most, of the newest pod where several have failed alike. */
export async function readLastWords(
  client: Client,
  resources: Resources,
  identity: SystemIdentity,
  service: string,
  signal: AbortSignal,
): Promise<LastWords | null> {
  const kind = kindOf('v1', 'Pod')
  if (!kind) return null
  const { namespace, sid } = identity
  const items = await resources.list({ kind, namespace, selector: selectorOf(sid) }, signal)
  const speaker = items.flatMap((pod) => speakersOf(pod, service)).sort(worstFirst)[0]
  if (!speaker) return null
  const { name } = speaker.pod.metadata
  const query = {
    container: speaker.container.name,
    tailLines: `${lines}`,
    limitBytes: `${lines * longestLine}`,
  }
  const request = {
    method: 'GET' as const,
    path: `${pathOf(kind, namespace, name)}/log`,
    query,
    accept: '*/*',
  }
  try {
    const text = await client.text(
      { ...request, context: { subject: `the log of Pod/${name}`, namespace } },
      signal,
    )
    return { container: speaker.container.name, lines: toLines(text) }
  } catch (error) {
    // Not ours to read, or the container is gone: the reason stands without it.
    if (hasCode(error, codes.forbidden) || hasCode(error, codes.notFound)) return null
    throw error
  }
}

/** All of the service's own pod; of one that several share the container of this one. */
function speakersOf(pod: KubeObject, service: string): Speaker[] {
  const shared = containersOf(pod)
  if (!shared && serviceOf(pod.metadata) !== service) return []
  const containers = toPodState(pod).containers.filter(
    (one) => one.hasRun && !one.isReady && !hasEndedWell(one) && (!shared || one.name === shared[service]),
  )
  return containers.map((container) => ({ pod, container }))
}

function hasEndedWell({ now }: ContainerState): boolean {
  return now.is === 'ended' && now.exitCode === 0
}

function worstFirst(a: Speaker, b: Speaker): number {
  const madeAt = ({ pod }: Speaker) => pod.metadata.creationTimestamp ?? ''
  return b.container.restarts - a.container.restarts || madeAt(b).localeCompare(madeAt(a))
}

function toLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-lines)
    .map((line) => (line.length > longestLine ? `${line.slice(0, longestLine)}…` : line))
}
