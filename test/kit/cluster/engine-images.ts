/**
 * The images of the Docker engine as the source of a registry: whatever `docker build` or `docker tag` made on this
 * machine can be pulled. An image is taken out of the engine (`docker save`) when it is asked for the first time.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { link, mkdir, mkdtemp, open, readFile, realpath, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ImageSource, Manifest } from '../registry.ts'
import { run } from './command.ts'
import { docker, ENGINE } from './docker.ts'

const MANIFEST_TYPE = 'application/vnd.docker.distribution.manifest.v2+json'
const CONFIG_TYPE = 'application/vnd.docker.container.image.v1+json'
const LAYER_TYPE = 'application/vnd.docker.image.rootfs.diff.tar'

type Descriptor = { mediaType: string; size: number; digest: string }
type Saved = { Config: string; Layers: string[] }[]
type Published = { imageId: string; manifest: Manifest }

/** A source that keeps manifests in memory and blobs in the folder. */
export async function createEngineImages(folder: string): Promise<ImageSource> {
  const blobs = join(folder, 'blobs')
  await mkdir(blobs, { recursive: true })
  const published = new Map<string, Promise<Published>>()
  const byDigest = new Map<string, Manifest>()

  const publishNow = async (image: string, imageId: string): Promise<Published> => {
    const manifest = await publish(image, folder, blobs)
    byDigest.set(manifest.digest, manifest)
    return { imageId, manifest }
  }
  return {
    async manifest(name, reference) {
      if (reference.startsWith('sha256:')) return byDigest.get(reference)
      const image = `${name.replace(/^library\//, '')}:${reference}`
      const imageId = await findImage(image)
      if (!imageId) return undefined
      const known = await published.get(image)
      if (known?.imageId === imageId) return known.manifest
      const work = publishNow(image, imageId)
      published.set(image, work)
      work.catch(() => published.delete(image))
      return (await work).manifest
    },
    async blob(digest) {
      const path = blobPath(blobs, digest)
      const found = path === undefined ? undefined : await stat(path).catch(() => undefined)
      if (!path || !found) return undefined
      return { sizeBytes: found.size, open: () => createReadStream(path) }
    },
  }
}

async function findImage(image: string): Promise<string | undefined> {
  const id = await docker(['image', 'inspect', '--format', '{{.Id}}', image]).catch(() => '')
  return id.trim() || undefined
}

/** The digest comes from a URL and becomes a file's name, so it must be one. */
function blobPath(blobs: string, digest: string): string | undefined {
  return /^sha256:[0-9a-f]{64}$/.test(digest) ? join(blobs, digest.slice(7)) : undefined
}

async function publish(image: string, folder: string, blobs: string): Promise<Manifest> {
  const work = await mkdtemp(join(folder, 'save-'))
  try {
    await run('sh', ['-c', 'docker save "$1" | tar -x -C "$2"', 'sh', image, work], { env: ENGINE })
    const [saved] = JSON.parse(await readFile(join(work, 'manifest.json'), 'utf8')) as Saved
    if (!saved) throw new Error(`docker save gave nothing for ${image}`)
    const config = await keep(join(work, saved.Config), blobs, CONFIG_TYPE)
    const layers: Descriptor[] = []
    for (const layer of saved.Layers) layers.push(await keep(join(work, layer), blobs, LAYER_TYPE))
    const content = Buffer.from(
      JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST_TYPE, config, layers }),
    )
    return { mediaType: MANIFEST_TYPE, digest: toDigest(createHash('sha256').update(content)), content }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

const toDigest = (hash: ReturnType<typeof createHash>) => `sha256:${hash.digest('hex')}`

/** Names a file by its content. A layer that occurs twice in an image is a link in what Docker saves. */
async function keep(path: string, blobs: string, mediaType: string): Promise<Descriptor> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  const digest = toDigest(hash)
  const { size } = await stat(path)
  const place = join(blobs, digest.slice(7))
  // Another image may have the same layer: the first one's file stays.
  await link(await realpath(path), place).catch(ignoreExisting)
  return { mediaType: mediaType === LAYER_TYPE ? await layerType(place) : mediaType, size, digest }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}

/** Newer engines save layers compressed. */
async function layerType(path: string): Promise<string> {
  await using file = await open(path)
  const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0)
  return buffer.readUInt16BE(0) === 0x1f8b ? `${LAYER_TYPE}.gzip` : LAYER_TYPE
}
