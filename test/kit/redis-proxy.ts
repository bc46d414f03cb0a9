/** A proxy on loopback in front of a Redis server, for tests that need connections to break at a chosen command. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { createCommandReader, type RedisCommand } from './redis-commands.ts'

/** What is done instead of passing a command on, or after the server has done it and before its answer is passed on. */
export type RedisIntervention = { when: 'before' | 'after'; act: () => void }

export type RedisProxy = {
  url: string
  /** Set it to break the connection at chosen commands; undefined passes a command on. */
  intervene?: (command: string[]) => RedisIntervention | undefined
  /** Cuts every connection that is open now. */
  cutConnections(): void
} & AsyncDisposable

export async function startRedisProxy(port: number): Promise<RedisProxy> {
  const clients = new Set<Socket>()
  const server = createServer((client) => {
    clients.add(client)
    client.once('close', () => clients.delete(client))
    join(client, port, (command) => proxy.intervene?.(command.words))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const cutConnections = () => {
    for (const client of clients) client.resetAndDestroy()
  }
  const proxy: RedisProxy = {
    url: `redis://127.0.0.1:${address && typeof address === 'object' ? address.port : 0}`,
    cutConnections,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      cutConnections()
      await closed
    },
  }
  return proxy
}

type Intervene = (command: RedisCommand) => RedisIntervention | undefined

function join(client: Socket, port: number, intervene: Intervene): void {
  const upstream = connect(port, '127.0.0.1')
  const read = createCommandReader()
  let isBroken = false
  client.on('data', (chunk) => {
    for (const command of read(chunk as Buffer)) if (!isBroken) pass(command)
  })
  upstream.on('data', (chunk) => {
    if (!isBroken) client.write(chunk)
  })
  for (const [one, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    one.on('error', () => other.destroy())
    one.on('close', () => other.destroy())
  }

  function pass(command: RedisCommand): void {
    const intervention = intervene(command)
    if (!intervention) return void upstream.write(command.raw)
    isBroken = true
    const end = () => {
      intervention.act()
      client.resetAndDestroy()
    }
    if (intervention.when === 'before') {
      end()
      return
    }
    upstream.write(command.raw)
    awaitEcho(upstream, end)
  }
}

/** A server answers the commands of a connection in their order: what comes after the one in question is its end. */
function awaitEcho(upstream: Socket, then: () => void): void {
  const mark = randomUUID()
  let heard = ''
  upstream.on('data', (chunk) => {
    heard = (heard + chunk.toString('latin1')).slice(-10_000)
    if (heard.includes(mark)) then()
  })
  upstream.write(`*2\r\n$4\r\nECHO\r\n$${mark.length}\r\n${mark}\r\n`)
}
