/** The cluster's DNS as a process: `process.ts <kubeconfig> <address> <port>`. */
import { createApi, readAccess } from '../api.ts'
import { NETWORK } from '../settings.ts'
import { follow } from './follow.ts'
import { type Endpoints, findAddresses, type Service } from './names.ts'
import { startDnsServer } from './server.ts'

const [kubeconfig, address, port] = process.argv.slice(2)
if (!kubeconfig || !address || !port) throw new Error('usage: process.ts <kubeconfig> <address> <port>')

await using api = createApi(readAccess(kubeconfig))
const stop = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort())
const report = (error: unknown) => {
  if (!stop.signal.aborted) console.error('dns: following the API server again after', error)
}
const services = follow<Service>(api, 'services', stop.signal, report)
const endpoints = follow<Endpoints>(api, 'endpoints', stop.signal, report)
const records = { services: services.objects, endpoints: endpoints.objects }
await using _server = await startDnsServer(
  (name) => findAddresses(records, NETWORK.domain, name),
  address,
  Number(port),
)
await new Promise((resolve) => stop.signal.addEventListener('abort', resolve, { once: true }))
