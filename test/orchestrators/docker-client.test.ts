// What a request to a Docker engine costs this process.
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createClient } from '../../src/orchestrators/docker/engine/client.ts'

it('takes as long for each of many requests as for a few', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tycho-client-'))
  const server = createServer((_, response) => response.end(JSON.stringify({ ApiVersion: '1.41' })))
  const socket = join(folder, 'docker.sock')
  server.listen(socket)
  await once(server, 'listening')
  const client = createClient({ host: `unix://${socket}` })
  const { signal } = new AbortController()
  const before = process.cpuUsage()
  const requests = Array.from({ length: 200 }, () =>
    client.json({ method: 'GET', path: '/version', what: 'its version' }, signal),
  )
  await Promise.all(requests)
  const { user } = process.cpuUsage(before)
  client.close()
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true })
  // Some 300 ms; it was a minute when the library made a text of all connections for each.
  expect(user / 1000).toBeLessThan(3_000)
})
