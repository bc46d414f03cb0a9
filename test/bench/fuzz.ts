// npm run fuzz [ROUNDS] [SEED]: reads many damaged Compose files, for a night.
import { fuzz } from '../compose/fuzz/fuzz.ts'

const rounds = Number(process.argv[2] ?? process.env.FUZZ_ROUNDS ?? 100_000)
const seed = Number(process.argv[3] ?? process.env.FUZZ_SEED ?? Date.now() % 1_000_000_000)
console.log(`${rounds} files from seed ${seed}`)
const start = performance.now()
const { read, accepted, worst } = fuzz(rounds, seed)
const seconds = ((performance.now() - start) / 1000).toFixed(1)
console.log(
  `${read} read, ${accepted} accepted and printed, in ${seconds} s; at most ${worst.toFixed(1)} steps a character`,
)
