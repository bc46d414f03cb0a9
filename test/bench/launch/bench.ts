// npm run bench -- launch --systems 1000 --workers 2: how fast a batch of systems is written, ready, and gone again, beside
// a bare client that writes the same objects and beside kubectl; and what that costs each part. On a real control plane
// with a scheduler, whose request rates are raised, and nodes behind which there is nothing.
import { fetchKubectl } from '../../kit/cluster/kubectl.ts'
import { readSettings } from '../../kit/cluster/settings.ts'
import { type Manner, toText, usual } from './floor.ts'
import { playFloor, playKubectl } from './floor-round.ts'
import { measureTycho } from './measure-tycho.ts'
import { type Options, readOptions } from './options.ts'
import { printReport } from './report.ts'
import { openSite, type Site } from './site.ts'
import type { FloorRound } from './tables/results.ts'
import { printManners, rankManners } from './try-manners.ts'

export async function run(): Promise<void> {
  const options = readOptions(process.argv.slice(3))
  const program = options.kubectl > 0 ? await fetchKubectl(readSettings(), console.error) : null
  await using site = await openSite(options)
  tellSite(site, options)
  const [first, second] = await chooseManners(site, options)
  // The floor before and after, so that neither is always on the warmer machine.
  const floors: FloorRound[] = []
  const addFloor = async (manner: Manner) => {
    const round = await playFloor(site, `floor-${floors.length}`, options, manner)
    floors.push({ manner: toText(manner), round })
  }
  if (options.floors > 0) await addFloor(first)
  const tycho = await measureTycho(site, options)
  if (options.floors > 1) await addFloor(second)
  const few = { ...options, systems: options.kubectl, namespaces: 1 }
  const kubectl = program ? await playKubectl(site, program, few) : null
  printReport(options, { floors, tycho, kubectl })
}

/** The two best: of the floor the better round counts. */
async function chooseManners(site: Site, options: Options): Promise<[Manner, Manner]> {
  if (options.tries === 0) return [usual, usual]
  const tried = await rankManners(site, options)
  printManners(tried, options)
  const [first = usual, second = usual] = tried.map(({ manner }) => manner)
  return [first, second]
}

function tellSite({ rates }: Site, { systems, nodes, namespaces, exposure }: Options): void {
  const rate = ({ qps, burst }: { qps: number; burst: number }) => `${qps} requests/s, burst ${burst}`
  console.log(
    [
      `${systems} systems of one service (${exposure}) in ${namespaces} namespace(s) on ${nodes} stand-in nodes.`,
      `Raised for this: controller manager ${rate(rates.controllerManager)} (usual: 20, 30),`,
      `scheduler ${rate(rates.scheduler)} (usual: 50, 100).`,
    ].join('\n'),
  )
}
