// Which ports of the engine's host containers get. One is chosen here and not by the engine, which gives another one each
// time a container is started again: an endpoint stays what it was told to be.
import type { ContainerPort } from '../objects.ts'
import type { ListedContainer, LiveContainer } from './live.ts'

export type PortRange = { from: number; to: number }

/** `tried`: candidates that were refused. */
export type PortChoice = { port: ContainerPort; number: number; isAsked: boolean }

export function keyOf({ containerPort, protocol }: ContainerPort): string {
  return `${containerPort}/${protocol}`
}

/** Numbers that containers of the engine have published, each with one that has. */
export function publishedBy(
  containers: readonly ListedContainer[],
  protocol: ContainerPort['protocol'],
): Map<number, string> {
  const holders = new Map<number, string>()
  for (const { Names: names, Ports: ports = [] } of containers)
    for (const { PublicPort: number, Type: type } of ports)
      if (number !== undefined && type === protocol) holders.set(number, (names[0] ?? '').replace(/^\//, ''))
  return holders
}

/** The numbers that a container has, or had before it ended. */
export function boundTo(
  port: ContainerPort,
  { HostConfig: { PortBindings: bindings } }: LiveContainer,
): number[] {
  return (bindings?.[keyOf(port)] ?? [])
    .map(({ HostPort }) => Number(HostPort))
    .filter((number) => number > 0)
}

/**
 * The numbers of the file first, then those it had `before`, then any of the range. Undefined where all are taken or were
 * `refused`.
 */
export function choosePort(
  port: ContainerPort,
  range: PortRange,
  isTaken: (number: number) => boolean,
  before: readonly number[],
): PortChoice | undefined {
  const { asked } = port
  if (asked)
    for (let number = asked.from; number <= asked.to; number += 1)
      if (!isTaken(number)) return { port, number, isAsked: true }
  const kept = before.find((number) => !isTaken(number))
  if (kept !== undefined) return { port, number: kept, isAsked: asked === null }
  const count = range.to - range.from + 1
  const start = Math.floor(Math.random() * count)
  for (let step = 0; step < count; step += 1) {
    const number = range.from + ((start + step) % count)
    if (!isTaken(number)) return { port, number, isAsked: asked === null }
  }
  return undefined
}
