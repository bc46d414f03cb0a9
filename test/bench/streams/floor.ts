#!/usr/bin/env node
// The floor: what it costs at the least to tell a client of a change. One subscription, and a line to each client that
// follows what has changed; nothing is read. It is a process of its own; PORT, REDIS_URL.
import { createServer, type ServerResponse } from 'node:http'
import { Redis } from 'ioredis'

const subscriber = new Redis(process.env.REDIS_URL ?? '')
const followers = new Map<string, Set<ServerResponse>>()

subscriber.on('message', (_channel: string, id: string) => {
  for (const response of followers.get(id) ?? []) response.write(`event: job\ndata: ${id}\n\n`)
})
await subscriber.subscribe('{tycho}:changed:job')

createServer(({ url = '' }, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  if (url === '/healthz') return void response.end()
  const id = url.split('/').at(-2) ?? ''
  const known = followers.get(id) ?? new Set()
  followers.set(id, known.add(response))
  response.once('close', () => known.delete(response))
  response.write('event: job\ndata: first\n\n')
}).listen(Number(process.env.PORT), '127.0.0.1')
