import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { type ImageSource, startRegistry } from './registry.ts'

const source: ImageSource = {
  manifest: async (name, reference) =>
    name === 'demo/hello' && reference === 'latest'
      ? { mediaType: 'application/json', digest: 'sha256:1', content: Buffer.from('{"schemaVersion":2}') }
      : undefined,
  blob: async (digest) =>
    digest === 'sha256:2' ? { sizeBytes: 3, open: () => Readable.from([Buffer.from('abc')]) } : undefined,
}

test('a registry without images answers 404 with the reason', async () => {
  await using registry = await startRegistry()
  const answer = await fetch(`http://${registry.host}/v2/missing/manifests/1`)
  expect(answer.status).toBe(404)
  expect(await answer.json()).toEqual({ errors: [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' }] })
  expect(registry.requests).toEqual(['GET /v2/missing/manifests/1'])
})

test('a registry serves the manifests and blobs of its source', async () => {
  await using registry = await startRegistry({ source })
  const base = `http://${registry.host}/v2`
  expect((await fetch(`${base}/`)).status).toBe(200)
  const manifest = await fetch(`${base}/demo/hello/manifests/latest`)
  expect(manifest.headers.get('docker-content-digest')).toBe('sha256:1')
  expect(await manifest.json()).toEqual({ schemaVersion: 2 })
  const head = await fetch(`${base}/demo/hello/manifests/latest`, { method: 'HEAD' })
  expect(head.headers.get('content-length')).toBe('19')
  expect(await (await fetch(`${base}/demo/hello/blobs/sha256:2`)).text()).toBe('abc')
  expect((await fetch(`${base}/demo/hello/blobs/sha256:3`)).status).toBe(404)
  expect((await fetch(`${base}/demo/hello/manifests/latest`, { method: 'PUT' })).status).toBe(405)
})
