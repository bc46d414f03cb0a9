// Ports of the engine's host for one container after the other: chosen, refused by the engine, chosen again.
import { type Problem, TychoError } from '../../../problem.ts'
import type { ContainerObject, ContainerPort } from '../objects.ts'
import { boundTo, choosePort, type PortChoice, type PortRange, publishedBy } from './host-ports.ts'
import type { ListedContainer, LiveContainer } from './live.ts'
import type { Wanted } from './scope.ts'

export type Ports = {
  /** For all ports of the container. Throws `PORTS_EXHAUSTED`. */
  choose: () => PortChoice[]
  /** Those chosen last that stand in the engine's words are not chosen again. Whether there were any. */
  refuse: (words: string) => boolean
  /** What was asked for and could not be had, by whom it is held. */
  problems: () => Problem[]
}

/** In the words of Docker and Podman, of its own containers or of another program. */
const taken = /port is already allocated|address already in use|failed to bind (?:host )?port/i

export function isPortTaken(words: string): boolean {
  return taken.test(words)
}

/** `containers`: all of the engine. `before`: the container in whose place it is. */
export function createPorts(
  { object, manifest }: Wanted<ContainerObject>,
  range: PortRange,
  containers: readonly ListedContainer[],
  before?: LiveContainer,
): Ports {
  const refused = new Set<string>()
  const others = containers.filter(({ Names }) => !Names.includes(`/${object.name}`))
  const holdersOf = (port: ContainerPort) => publishedBy(others, port.protocol)
  const own = new Set<string>()
  const keyOf = (port: ContainerPort, number: number) => `${number}/${port.protocol}`
  const isTaken = (port: ContainerPort) => {
    const holders = holdersOf(port)
    return (number: number) =>
      holders.has(number) || refused.has(keyOf(port, number)) || own.has(keyOf(port, number))
  }

  function chooseOne(port: ContainerPort): PortChoice {
    const choice = choosePort(port, range, isTaken(port), before ? boundTo(port, before) : [])
    if (!choice) throw exhausted(range)
    own.add(keyOf(port, choice.number))
    return choice
  }

  let last: PortChoice[] = []
  return {
    choose() {
      own.clear()
      last = object.ports.map(chooseOne)
      return last
    },
    refuse(words) {
      // Some engines name no port: then it may be any of them.
      const named = last.filter(({ number }) => words.includes(`:${number}`))
      const doubtful = named.length > 0 ? named : last
      for (const { port, number } of doubtful) refused.add(keyOf(port, number))
      return doubtful.length > 0
    },
    problems: () =>
      last.flatMap(({ port, number, isAsked }) =>
        isAsked ? [] : [takenProblem(port, number, holdersOf(port), manifest.path)],
      ),
  }
}

function takenProblem(
  { asked, protocol }: ContainerPort,
  number: number,
  holders: ReadonlyMap<number, string>,
  path: string,
): Problem {
  const wanted = asked && asked.from !== asked.to ? `${asked.from}-${asked.to}` : `${asked?.from}`
  const name = asked ? holders.get(asked.from) : undefined
  const holder = name === undefined ? 'another program' : `the container ${name}`
  const message = `Port ${wanted}/${protocol} is taken by ${holder}; it is published on ${number} instead`
  return { code: 'PORT_TAKEN', severity: 'warning', path, message }
}

function exhausted({ from, to }: PortRange): TychoError {
  const message = `Every port from ${from} to ${to} is taken: stop a system, or give more in TYCHO_DOCKER_PORTS`
  return new TychoError('PORTS_EXHAUSTED', message, { status: 503 })
}
