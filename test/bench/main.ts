// npm run bench -- NAME: measures one part of Tycho and prints a table. Nothing here is a test: times depend on the
// machine, ratios less so.
const benches: Readonly<Record<string, () => Promise<{ run(): void | Promise<void> }>>> = {
  api: () => import('./api/bench.ts'),
  batches: () => import('./batches/bench.ts'),
  compile: () => import('./compile/bench.ts'),
  compose: () => import('./compose/bench.ts'),
  launch: () => import('./launch/bench.ts'),
  poll: () => import('./poll/bench.ts'),
  ready: () => import('./ready/bench.ts'),
  streams: () => import('./streams/bench.ts'),
}

const name = process.argv[2] ?? ''
const bench = Object.hasOwn(benches, name) ? benches[name] : undefined
if (bench) await (await bench()).run()
else {
  console.error(`Name what to measure: ${Object.keys(benches).join(', ')}`)
  process.exitCode = 2
}
