// npm run fuzz [ROUNDS] [SEED]: reads many damaged Compose files, for a night.
// npm run fuzz -- api [REQUESTS] [SEED]: sends many requests to the API, as its OpenAPI document has them and nearly so.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { fuzzApi } from '../api/fuzz/fuzz.ts'
import { fuzz } from '../compose/fuzz/fuzz.ts'

function readFiles(rounds: number, seed: number): string {
  console.log(`${rounds} files from seed ${seed}`)
  const { read, accepted, worst } = fuzz(rounds, seed)
  return `${read} read, ${accepted} accepted and printed; at most ${worst.toFixed(1)} steps a character`
}

/** Whatever is thrown where nobody waits for it ends the process, as Node has it. */
async function sendRequests(requests: number, seed: number): Promise<string> {
  // The flag alone, set this late, reaches only contexts that are made after it.
  setFlagsFromString('--expose-gc')
  globalThis.gc = runInNewContext('gc') as NodeJS.GCFunction
  console.log(`${requests} requests from seed ${seed}`)
  const found = await fuzzApi({ requests, seed })
  for (const [operation, row] of [...found.tally].toSorted()) {
    console.log(`${operation}: ${[...row].map(([status, count]) => `${status} ${count} times`).join(', ')}`)
  }
  const mebibytes = (found.grownBytes / 1024 ** 2).toFixed(1)
  return `${found.requests} answered as described; fuzzer and its servers, one process, have ${mebibytes} MiB more heap than after the first runs`
}

const [first, ...rest] = process.argv.slice(2)
const isApi = first === 'api'
const [count, given] = isApi ? rest : [first, ...rest]
const seed = Number(given ?? process.env.FUZZ_SEED ?? Date.now() % 1_000_000_000)
const start = performance.now()
const said = isApi
  ? await sendRequests(Number(count ?? process.env.FUZZ_REQUESTS ?? 20_000), seed)
  : readFiles(Number(count ?? process.env.FUZZ_ROUNDS ?? 100_000), seed)
console.log(`${said}, in ${((performance.now() - start) / 1000).toFixed(1)} s`)
