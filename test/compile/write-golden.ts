// Rewrites `samples/golden` and `samples/golden-docker`: `npm run golden`. Read the difference before it is committed.
import { compileSample, folderOf, listGoldens, writeGolden } from './golden.ts'

for (const golden of await listGoldens()) {
  const files = await compileSample(golden)
  await writeGolden(golden, files)
  console.log(`${folderOf(golden)}: ${Object.keys(files).length} objects`)
}
