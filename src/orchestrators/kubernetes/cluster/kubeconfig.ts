// Where the cluster is looked for, in this order: KUBECONFIG, the home's kubeconfig, the pod's account, the local file.
import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { KubeConfig } from '@kubernetes/client-node'
import { type TychoError, UnavailableError } from '../../../problem.ts'
import { emptyConfig } from './empty-config.ts'

export type KubeconfigSources = {
  /** The files that KUBECONFIG names, in its order; several are merged and the first one's words win, as kubectl does. */
  paths: string[]
  /** `~/.kube/config`. */
  homePath?: string
  /** The account of the pod that this process runs in. */
  pod?: PodAccount
  /** What `npm run cluster up` writes. */
  localPath?: string
}

/** `host` and `port`: KUBERNETES_SERVICE_HOST and _PORT; `directory`: where the account's token is mounted. */
export type PodAccount = { host: string; port: string; directory?: string }

/** `key` changes whenever the files do. */
export type FoundKubeconfig = { origin: string; key: string; inPod: boolean; load: () => Promise<KubeConfig> }

const accountDirectory = '/var/run/secrets/kubernetes.io/serviceaccount'

/**
 * The first source that exists now. Reads nothing but the files' times and sizes, so it can be asked often.
 * Throws UnavailableError `NO_CLUSTER` (remedy `wait`) when there is none.
 */
export async function findKubeconfig(sources: KubeconfigSources): Promise<FoundKubeconfig> {
  const fileSets = [sources.paths, sources.homePath ? [sources.homePath] : []]
  for (const paths of fileSets) {
    const found = await findFiles(paths)
    if (found) return found
  }
  const found =
    (await findPodAccount(sources.pod)) ?? (await findFiles(sources.localPath ? [sources.localPath] : []))
  if (found) return found
  throw new UnavailableError(
    'NO_CLUSTER',
    'There is no cluster: start one with `npm run cluster up`, or give a kubeconfig (KUBECONFIG or ~/.kube/config)',
  )
}

async function findFiles(paths: string[]): Promise<FoundKubeconfig | undefined> {
  const marks = await Promise.all(paths.map(async (path) => ({ path, mark: await markOf(path) })))
  const present = marks.filter(({ mark }) => mark !== undefined)
  if (present.length === 0) return undefined
  const existing = present.map(({ path }) => path)
  return {
    origin: existing.join(', '),
    key: present.map(({ path, mark }) => `${path}@${mark}`).join(';'),
    inPod: false,
    load: () => loadFiles(existing),
  }
}

async function findPodAccount(pod: PodAccount | undefined): Promise<FoundKubeconfig | undefined> {
  if (!pod) return undefined
  const directory = pod.directory ?? accountDirectory
  const mark = await markOf(join(directory, 'token'))
  if (mark === undefined) return undefined
  // Tokens are renewed in place and re-read by the library, so the token's time is not part of the key.
  const key = `pod:${pod.host}:${pod.port}`
  return { origin: "the pod's service account", key, inPod: true, load: () => loadPodAccount(pod, directory) }
}

/** Changes when the file does; undefined where there is no (or an empty) file. */
async function markOf(path: string): Promise<string | undefined> {
  try {
    const { mtimeMs, size, ino } = await stat(path)
    return size > 0 ? `${ino}-${mtimeMs}-${size}` : undefined
  } catch {
    return undefined
  }
}

async function loadFiles(paths: string[]): Promise<KubeConfig> {
  const merged = await emptyConfig()
  for (const path of paths) mergeInto(merged, await parseFile(path))
  return checked(merged, paths.join(', '))
}

async function parseFile(path: string): Promise<KubeConfig> {
  const config = await emptyConfig()
  try {
    config.loadFromString(await readFile(path, 'utf8'))
  } catch (cause) {
    throw unreadable(path, 'it is no YAML of a kubeconfig', cause)
  }
  config.makePathsAbsolute(dirname(path))
  return config
}

/** The first file's entries and current context win (https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/). */
function mergeInto(merged: KubeConfig, next: KubeConfig): void {
  merged.clusters = withNew(merged.clusters, next.clusters)
  merged.users = withNew(merged.users, next.users)
  merged.contexts = withNew(merged.contexts, next.contexts)
  merged.currentContext ||= next.currentContext
}

function withNew<T extends { name: string }>(known: readonly T[], more: readonly T[]): T[] {
  const names = new Set(known.map(({ name }) => name))
  return [...known, ...more.filter(({ name }) => !names.has(name))]
}

function checked(config: KubeConfig, origin: string): KubeConfig {
  if (!config.currentContext) throw unreadable(origin, 'it has no current-context')
  if (!config.getCurrentCluster())
    throw unreadable(origin, `its context ${config.currentContext} names no cluster`)
  return config
}

function unreadable(origin: string, why: string, cause?: unknown): TychoError {
  return new UnavailableError('KUBECONFIG_INVALID', `The kubeconfig ${origin} can't be used: ${why}`, {
    cause,
  })
}

async function loadPodAccount(pod: PodAccount, directory: string): Promise<KubeConfig> {
  const host = pod.host.includes(':') ? `[${pod.host}]` : pod.host
  const namespace = await readFile(join(directory, 'namespace'), 'utf8').catch(() => 'default')
  const config = await emptyConfig()
  config.loadFromOptions({
    clusters: [{ name: 'pod', server: `https://${host}:${pod.port}`, caFile: join(directory, 'ca.crt') }],
    users: [
      { name: 'pod', authProvider: { name: 'tokenFile', config: { tokenFile: join(directory, 'token') } } },
    ],
    contexts: [{ name: 'pod', cluster: 'pod', user: 'pod', namespace: namespace.trim() }],
    currentContext: 'pod',
  })
  return config
}
