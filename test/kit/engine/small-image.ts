/** An image of one layer with one file, as a registry serves it, whose layer comes when the test lets it. */
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import type { ImageSource } from '../registry.ts'

const manifestType = 'application/vnd.docker.distribution.manifest.v2+json'
const digestOf = (content: Buffer) => `sha256:${createHash('sha256').update(content).digest('hex')}`

/** `release` lets the layer go, for good. */
export async function smallImage(): Promise<{ source: ImageSource; release: () => void }> {
  const layer = await toTar('hello', Buffer.from(`${Math.random()}`))
  const packed = gzipSync(layer)
  const config = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      config: {},
      rootfs: { type: 'layers', diff_ids: [digestOf(layer)] },
    }),
  )
  const describe = (mediaType: string, content: Buffer) => ({
    mediaType,
    size: content.length,
    digest: digestOf(content),
  })
  const content = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: describe('application/vnd.docker.container.image.v1+json', config),
      layers: [describe('application/vnd.docker.image.rootfs.diff.tar.gzip', packed)],
    }),
  )
  const released = Promise.withResolvers<void>()
  async function* slowly(): AsyncGenerator<Buffer> {
    yield packed.subarray(0, 1)
    await released.promise
    yield packed.subarray(1)
  }
  return {
    release: () => released.resolve(),
    source: {
      manifest: async () => ({ mediaType: manifestType, digest: digestOf(content), content }),
      blob: async (digest) => {
        if (digest === digestOf(config))
          return { sizeBytes: config.length, open: () => Readable.from([config]) }
        if (digest !== digestOf(packed)) return undefined
        return { sizeBytes: packed.length, open: () => Readable.from(slowly()) }
      },
    },
  }
}

async function toTar(name: string, content: Buffer): Promise<Buffer> {
  const archive = pack()
  archive.entry({ name }, content)
  archive.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of archive) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
