// A Docker engine of the contract's own, alone or as the only node of a swarm.
import { LABEL } from '../../../../src/orchestrators/docker/labels.ts'
import { startEngine, type TestEngine } from '../../../kit/engine/engine.ts'
import { startRegistry } from '../../../kit/registry.ts'
import type { Place, SeenContainer } from '../place.ts'

type Inspected = {
  Id: string
  Config: { Labels: Record<string, string> }
  State: { Running: boolean; StartedAt: string; FinishedAt: string }
}

const ofSystem = (system: string) => ['--filter', `label=${LABEL.system}=${system}`]

export async function openDocker(kind: 'docker' | 'swarm'): Promise<Place & { engine: TestEngine }> {
  await using opening = new AsyncDisposableStack()
  const engine = opening.use(await startEngine({ swarm: kind === 'swarm' }))
  const registry = opening.use(await startRegistry({ hosts: [engine.gateway] }))
  const opened = opening.move()
  return {
    engine,
    environment: environmentOf(engine, kind),
    missingImage: `${engine.gateway}:${registry.port}/missing:1`,
    objects: (system) => objectsOf(engine, kind, system),
    containers: (system) => containersOf(engine, system),
    roomFor: async () => ({ [Symbol.asyncDispose]: async () => {} }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** Settings with which Tycho's processes run systems on this engine. */
export function environmentOf({ url, host }: TestEngine, kind: 'docker' | 'swarm'): Record<string, string> {
  return { TYCHO_ORCHESTRATOR: kind, DOCKER_HOST: url, TYCHO_PUBLIC_HOST: host }
}

const kindsOn = {
  docker: ['container', 'network', 'volume'],
  swarm: ['container', 'network', 'volume', 'service', 'config', 'secret'],
}

async function objectsOf(engine: TestEngine, kind: 'docker' | 'swarm', system: string): Promise<string[]> {
  const lists = kindsOn[kind].map(async (what) => {
    const all = what === 'container' ? ['--all'] : []
    const names = what === 'container' ? '{{.Names}}' : '{{.Name}}'
    return linesOf(await engine.docker([what, 'ls', ...all, ...ofSystem(system), '--format', names])).map(
      (name) => `${what}/${name}`,
    )
  })
  return (await Promise.all(lists)).flat()
}

async function containersOf(engine: TestEngine, system: string): Promise<SeenContainer[]> {
  const ids = linesOf(await engine.docker(['container', 'ls', '--all', '--quiet', ...ofSystem(system)]))
  const seen = await Promise.all(ids.map((id) => inspect(engine, id)))
  return seen.flatMap((one) => {
    const service = one?.Config.Labels[LABEL.service]
    if (!one || !service) return []
    const { Running: isRunning, StartedAt, FinishedAt } = one.State
    return { id: one.Id, service, isRunning, startedAt: timeOf(StartedAt), endedAt: timeOf(FinishedAt) }
  })
}

/** Undefined for one that has gone since it was listed. */
async function inspect(engine: TestEngine, id: string): Promise<Inspected | undefined> {
  const text = await engine.docker(['container', 'inspect', id]).catch(() => '[]')
  return (JSON.parse(text) as Inspected[])[0]
}

const linesOf = (text: string) => text.split('\n').filter(Boolean)

/** The engine writes the year 1 for what has not happened. */
function timeOf(text: string): number | undefined {
  const time = Date.parse(text)
  return time > 0 ? time : undefined
}
