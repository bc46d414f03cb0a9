// A round of the floor, and of kubectl: in namespaces of its own.

import { clearNamespaces } from './clear.ts'
import { type Manner, openWriter } from './floor.ts'
import { applyByKubectl } from './kubectl.ts'
import type { Options } from './options.ts'
import { type Pair, pairOf, placesOf } from './pattern.ts'
import { playRound, type Round } from './round.ts'
import type { Site } from './site.ts'

type Wish = Pick<Options, 'systems' | 'namespaces' | 'exposure' | 'only'>

export async function playFloor(site: Site, name: string, wish: Wish, manner: Manner): Promise<Round> {
  await using writer = openWriter(site.access, manner)
  const { namespaces, pairs } = await prepare(site, name, wish)
  await writer.connect()
  const round = await playRound(site, namespaces, wish, {
    start: () => writer.write(pairs),
    stop: () => writer.remove(pairs),
  })
  await clearNamespaces(site, namespaces)
  return round
}

/** Its start alone. */
export async function playKubectl(site: Site, kubectl: string, wish: Wish): Promise<Round> {
  const { namespaces, pairs } = await prepare(site, 'kubectl', wish)
  const start = () => applyByKubectl(kubectl, site.kubeconfig, pairs)
  const round = await playRound(site, namespaces, { ...wish, only: 'start' }, { start, stop: async () => {} })
  await clearNamespaces(site, namespaces)
  return round
}

/** All that is sent is made beforehand. */
async function prepare(
  site: Site,
  name: string,
  { systems, namespaces: count, exposure }: Wish,
): Promise<{ namespaces: string[]; pairs: Pair[] }> {
  const namespaces = await site.makeNamespaces(name, count)
  const pairs = placesOf(namespaces, systems).map((place, index) => pairOf(place, exposure, index))
  return { namespaces, pairs }
}
