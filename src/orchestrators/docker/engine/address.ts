// Where the engine is, as DOCKER_HOST says it, and how that is told to the client library.
import { readFile, stat } from 'node:fs/promises'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { DockerOptions } from 'dockerode'
import { TychoError, UnavailableError } from '../../../problem.ts'

export type AddressOptions = {
  /** `unix:///path`, `tcp://host:port` or `ssh://user@host`, as DOCKER_HOST has it; null: the first of `sockets`. */
  host: string | null
  /** Paths; looked for in this order where no host is given. */
  sockets?: readonly string[]
  /** Whether an engine at tcp:// is spoken to by TLS; left out: it is not. */
  tlsVerify?: boolean
  /** Folder with ca.pem, cert.pem and key.pem; left out or null: `.docker` of this user. */
  certPath?: string | null
}

/** As the client library takes them; its types leave out the agent. */
type ModemOptions = DockerOptions & { agent?: HttpAgent }

/** `text`: for sentences. `hostName`: of an engine that is reached over the network; null: it is on this machine. */
export type Address = { text: string; hostName: string | null; options: ModemOptions }

const DEFAULT_SOCKETS = ['/var/run/docker.sock', '/run/podman/podman.sock']

/** Throws `ENGINE_ADDRESS_INVALID`, and UnavailableError where no socket is there yet. */
export async function findAddress(options: AddressOptions): Promise<Address> {
  if (options.host === null) return toSocket(await findSocket(options.sockets ?? DEFAULT_SOCKETS))
  if (options.host.startsWith('unix://')) return toSocket(options.host.slice('unix://'.length))
  if (options.host.startsWith('/')) return toSocket(options.host)
  const folder = options.certPath ?? join(homedir(), '.docker')
  return toNetwork(parse(options.host), options.tlsVerify ? folder : null)
}

async function findSocket(paths: readonly string[]): Promise<string> {
  for (const path of paths) if (await stat(path).catch(() => null)) return path
  const where = paths.join(' nor ')
  throw new UnavailableError(
    'NO_ENGINE',
    `No Docker engine was found: there is no socket at ${where}. Start Docker, or say in DOCKER_HOST where it is`,
  )
}

/** Every key is given, because the library fills what is missing from the environment. */
const nothing: ModemOptions = {
  socketPath: undefined,
  host: undefined,
  port: undefined,
  protocol: undefined,
  ca: undefined,
  cert: undefined,
  key: undefined,
} as unknown as ModemOptions

function toSocket(path: string): Address {
  const agent = new HttpAgent({ keepAlive: true })
  return {
    text: path,
    hostName: null,
    options: { ...nothing, socketPath: path, protocol: 'http', agent },
  }
}

function parse(host: string): URL {
  const withScheme = host.includes('://') ? host : `tcp://${host}`
  const url = URL.parse(withScheme)
  if (url && ['tcp:', 'http:', 'https:', 'ssh:'].includes(url.protocol) && url.hostname !== '') return url
  throw new TychoError(
    'ENGINE_ADDRESS_INVALID',
    `DOCKER_HOST is ${host}; it should be like unix:///var/run/docker.sock or tcp://192.0.2.1:2376`,
    { status: 503, remedy: 'wait' },
  )
}

async function toNetwork(url: URL, certificates: string | null): Promise<Address> {
  const { hostname: hostName, username } = url
  const text = url.host
  if (url.protocol === 'ssh:') {
    const options = { ...nothing, host: hostName, port: url.port || 22, protocol: 'ssh', username } as const
    return { text, hostName, options }
  }
  const tls = certificates === null ? null : await readCertificates(certificates)
  const isSecure = tls !== null || url.protocol === 'https:'
  const port = url.port || (isSecure ? 2376 : 2375)
  const agent = isSecure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true })
  const protocol = isSecure ? 'https' : 'http'
  return { text, hostName, options: { ...nothing, ...tls, host: hostName, port, protocol, agent } }
}

async function readCertificates(folder: string) {
  const read = (name: string) => readFile(join(folder, name), 'utf8')
  try {
    const [ca, cert, key] = await Promise.all([read('ca.pem'), read('cert.pem'), read('key.pem')])
    return { ca, cert, key }
  } catch (error) {
    const message = `The certificates for the Docker engine can't be read in ${folder}: ${(error as Error).message}`
    throw new UnavailableError('ENGINE_CREDENTIALS', message, { cause: error })
  }
}
