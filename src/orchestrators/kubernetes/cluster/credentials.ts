// What a request needs to be let in: headers, and the TLS material of its connection. client-node knows how to get
// them (certificates, tokens, exec plugins, OIDC); this keeps them for a while, because it reads files each time.
import { createHash } from 'node:crypto'
import type { RequestOptions } from 'node:https'
import type { DispatcherOptions, KubeConfig } from '@kubernetes/client-node'
import { UnavailableError } from '../../../problem.ts'

/** `tlsKey` is equal as long as the same connections may be used. */
export type Credentials = { headers: Record<string, string>; dispatcher: DispatcherOptions; tlsKey: string }

const keptMs = 10_000

/** Answers the present credentials; concurrent callers share one reading. Throws `CLUSTER_CREDENTIALS` (remedy `wait`). */
export function createCredentials(config: KubeConfig): () => Promise<Credentials> {
  let reading: Promise<Credentials> | undefined
  let readAt = 0
  return () => {
    if (reading && performance.now() - readAt < keptMs) return reading
    readAt = performance.now()
    const next = readCredentials(config)
    next.catch(() => {
      if (reading === next) reading = undefined
    })
    reading = next
    return next
  }
}

async function readCredentials(config: KubeConfig): Promise<Credentials> {
  const options: RequestOptions = {}
  try {
    await config.applyToHTTPSOptions(options)
    const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options
    const tls = { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername }
    return {
      headers: toHeaders(options),
      dispatcher: config.createDispatcherOptions(config.getCurrentCluster(), tls),
      tlsKey: createHash('sha256').update(JSON.stringify(tls)).digest('hex'),
    }
  } catch (cause) {
    // The cause may quote what a credential plugin printed, so only its existence is told.
    throw new UnavailableError('CLUSTER_CREDENTIALS', 'The credentials of the kubeconfig can not be read', {
      cause,
    })
  }
}

function toHeaders({ headers, auth }: RequestOptions): Record<string, string> {
  const given = Object.entries(headers ?? {}).map(([name, value]) => [
    name.toLowerCase(),
    String(value).trim(),
  ])
  const basic = auth ? [['authorization', `Basic ${Buffer.from(auth).toString('base64')}`]] : []
  return Object.fromEntries([...given, ...basic])
}
