// Which way of writing is the fastest on this machine: each is tried with a few systems, the controllers running.

import { type Manner, manners, toText } from './floor.ts'
import { playFloor } from './floor-round.ts'
import type { Options } from './options.ts'
import type { Site } from './site.ts'

/** `perSecond`: systems whose objects are there. */
export type Tried = { manner: Manner; perSecond: number }

/** The fastest first. */
export async function rankManners(site: Site, { tries: systems, exposure }: Options): Promise<Tried[]> {
  const tried: Tried[] = []
  for (const [index, manner] of manners.entries()) {
    const wish = { systems, namespaces: 1, exposure, only: 'start' as const }
    const { start } = await playFloor(site, `try-${index}`, wish, manner)
    tried.push({ manner, perSecond: systems / start.seconds.applied })
  }
  return tried.sort((one, other) => other.perSecond - one.perSecond)
}

export function printManners(tried: readonly Tried[], { tries }: Options): void {
  console.log(`Ways of the bare client to write, ${tries} systems each:`)
  console.table(
    tried.map(({ manner, perSecond }) => ({
      manner: toText(manner),
      'systems/s to applied': Math.round(perSecond),
    })),
  )
}
