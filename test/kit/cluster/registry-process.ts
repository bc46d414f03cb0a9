/** The cluster's registry as a process: `registry-process.ts <port> <folder>`. */
import { startRegistry } from '../registry.ts'
import { createEngineImages } from './engine-images.ts'

const [port, folder] = process.argv.slice(2)
if (!port || !folder) throw new Error('usage: registry-process.ts <port> <folder>')

await using _registry = await startRegistry({ port: Number(port), source: await createEngineImages(folder) })
await new Promise((resolve) => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve)
})
