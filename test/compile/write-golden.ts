// Rewrites `samples/golden`: `npm run golden`. Read the difference before it is committed.
import { compileSample, listSamples, writeGolden } from './golden.ts'

for (const name of await listSamples()) {
  const files = await compileSample(name)
  await writeGolden(name, files)
  console.log(`samples/golden/${name}: ${Object.keys(files).length} objects`)
}
