// The tables of a launch.
import type { Options } from './options.ts'
import { printTimes, printUsage } from './tables/costs.ts'
import { printRequests } from './tables/requests.ts'
import type { Results } from './tables/results.ts'
import { printSpeeds } from './tables/speeds.ts'
import { printTargets } from './tables/targets.ts'
import { printWaits } from './tables/waits.ts'

export function printReport(options: Options, results: Results): void {
  if (options.only !== 'stop') printSpeeds('start', ['applied', 'ready', 'done'], options, results)
  if (results.tycho.round.stop) printSpeeds('stop', ['objects gone', 'pods gone', 'done'], options, results)
  printTargets(options, results)
  printRequests(options, results)
  printTimes(options, results)
  printUsage(options.systems, results.tycho)
  printWaits(results.tycho)
}
