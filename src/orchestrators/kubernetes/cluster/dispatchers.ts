// The connections to one cluster as one identity.
import type { DispatcherOptions } from '@kubernetes/client-node'
import { Agent, type Dispatcher, ProxyAgent, Socks5ProxyAgent } from 'undici'

/** Requests share a bounded pool; streams (watches, logs) are as many as are open and never take a request's place. */
export type Dispatchers = {
  requests: Dispatcher
  streams: Dispatcher
  /** Lets running requests end; streams are cut, because they would never end by themselves. */
  retire: () => Promise<void>
  destroy: () => Promise<void>
}

const connectTimeoutMs = 5_000
const requestTimeoutMs = 30_000
const pooledConnections = 64
/** Idle connections are kept longer than undici's 4 s, but less than the 90 s after which the API server ends them. */
const keepAliveMs = 30_000

export function createDispatchers(options: DispatcherOptions): Dispatchers {
  const requests = open(options, {
    connections: pooledConnections,
    headersTimeout: requestTimeoutMs,
    bodyTimeout: requestTimeoutMs,
  })
  const streams = open(options, { headersTimeout: requestTimeoutMs, bodyTimeout: 0 })
  return {
    requests,
    streams,
    async retire() {
      await Promise.all([requests.close(), streams.destroy()])
    },
    async destroy() {
      await Promise.all([requests.destroy(), streams.destroy()])
    },
  }
}

/** HTTP/1.1 only: a broken connection then ends one request instead of all of them, and it is as fast. */
function open(options: DispatcherOptions, limits: Agent.Options): Dispatcher {
  const common = { ...limits, allowH2: false, keepAliveTimeout: keepAliveMs }
  switch (options.type) {
    case 'agent':
      return new Agent({ ...common, connect: { ...options.connect, timeout: connectTimeoutMs } })
    case 'proxy':
      return new ProxyAgent({ ...common, uri: options.uri, requestTls: options.requestTls })
    case 'socks':
      return new Socks5ProxyAgent(options.uri, { requestTls: options.requestTls })
    case 'none':
      return new Agent({ ...common, connect: { timeout: connectTimeoutMs } })
    default:
      return options satisfies never
  }
}
