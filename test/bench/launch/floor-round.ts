// A round of the floor, and of kubectl: in namespaces of its own.
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
  return await playRound(site, namespaces, wish, {
    start: () => writer.write(pairs),
    stop: () => writer.remove(pairs),
  })
}

/** It applies, and the bare client takes away again. */
export async function playKubectl(site: Site, kubectl: string, wish: Wish, manner: Manner): Promise<Round> {
  await using writer = openWriter(site.access, manner)
  const { namespaces, pairs } = await prepare(site, 'kubectl', wish)
  return await playRound(site, namespaces, wish, {
    start: () => applyByKubectl(kubectl, site.kubeconfig, pairs),
    stop: () => writer.remove(pairs),
  })
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
