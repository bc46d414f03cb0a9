/**
 * A stand-in image registry on loopback: the read-only half of the registry protocol, version 2
 * (https://distribution.github.io/distribution/spec/api/). It serves what its source has and answers 404
 * MANIFEST_UNKNOWN to the rest, at once, as a real registry does for an image that it does not have.
 * Docker takes 127.0.0.0/8 without TLS.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'

export type Blob = { sizeBytes: number; open: () => NodeJS.ReadableStream }
export type Manifest = { mediaType: string; digest: string; content: Buffer }

/** Where a registry has its images from. Names are as Docker Hub has them: `demo/hello`, `library/redis`. */
export type ImageSource = {
  manifest(name: string, reference: string): Promise<Manifest | undefined>
  blob(digest: string): Promise<Blob | undefined>
}

export const NO_IMAGES: ImageSource = { manifest: async () => undefined, blob: async () => undefined }

export type RegistryOptions = { port?: number; hosts?: string[]; source?: ImageSource }

export type Registry = {
  /** `127.0.0.1:<port>`: the first part of an image's reference. */
  host: string
  port: number
  /** Method and path of each request so far. */
  requests: string[]
} & AsyncDisposable

/** Starts a registry; without a source it has no image at all. Port 0 (the default) takes a free one. */
export async function startRegistry(options: RegistryOptions = {}): Promise<Registry> {
  const { port = 0, hosts = ['127.0.0.1'], source = NO_IMAGES } = options
  const requests: string[] = []
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    requests.push(`${request.method} ${request.url}`)
    answer(source, request, response).catch((error: unknown) => {
      console.error('registry:', error)
      if (response.headersSent) response.destroy()
      else refuse(response, 500, 'UNKNOWN', 'the registry failed')
    })
  }
  await using opening = new AsyncDisposableStack()
  let bound = port
  for (const host of hosts) {
    const server = createServer(handle)
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(bound, host, resolve))
    opening.defer(() => {
      server.closeAllConnections()
      return new Promise<void>((resolve) => server.close(() => resolve()))
    })
    const address = server.address()
    if (address && typeof address === 'object') bound = address.port
  }
  const servers = opening.move()
  return {
    host: `127.0.0.1:${bound}`,
    port: bound,
    requests,
    [Symbol.asyncDispose]: () => servers.disposeAsync(),
  }
}

const ROUTE = /^\/v2\/(?<name>.+)\/(?<kind>manifests|blobs)\/(?<reference>[^/]+)$/

async function answer(source: ImageSource, request: IncomingMessage, response: ServerResponse) {
  response.setHeader('docker-distribution-api-version', 'registry/2.0')
  const path = new URL(request.url ?? '/', 'http://registry').pathname
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return refuse(response, 405, 'UNSUPPORTED', 'this registry is read-only')
  }
  if (path === '/v2/' || path === '/v2') return void response.end('{}')
  const { name, kind, reference } = ROUTE.exec(path)?.groups ?? {}
  if (!name || !reference) return refuse(response, 404, 'NAME_UNKNOWN', 'no such path')
  if (kind === 'manifests') {
    const manifest = await source.manifest(name, reference)
    if (!manifest) return refuse(response, 404, 'MANIFEST_UNKNOWN', 'manifest unknown')
    describe(response, manifest.mediaType, manifest.content.length, manifest.digest)
    return void response.end(request.method === 'HEAD' ? undefined : manifest.content)
  }
  const blob = await source.blob(reference)
  if (!blob) return refuse(response, 404, 'BLOB_UNKNOWN', 'blob unknown to registry')
  describe(response, 'application/octet-stream', blob.sizeBytes, reference)
  if (request.method === 'HEAD') return void response.end()
  await pipeline(blob.open(), response)
}

function describe(response: ServerResponse, type: string, length: number, digest: string): void {
  response.writeHead(200, {
    'content-type': type,
    'content-length': length,
    'docker-content-digest': digest,
  })
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ errors: [{ code, message }] }))
}
