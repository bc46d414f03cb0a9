/** Starts the Debian cluster, or what is missing of it. */
import { mkdir, rm } from 'node:fs/promises'
import { waitFor } from '../wait.ts'
import { type Api, createApi, readAccess } from './api.ts'
import { buildKubernetes } from './build.ts'
import { docker, listComponents } from './components.ts'
import { findDaemon, logFile } from './daemon.ts'
import {
  addMirror,
  cgroupDriver,
  type DockerEngine,
  isEngineReady,
  removePodContainers,
  writeRuntime,
} from './docker.ts'
import { buildImages } from './images.ts'
import { isNodeReady, makeNodeAddress, publishDns, unmountVolumes, writeKubeletConfig } from './node.ts'
import { installPackages, type Report, RUN_PACKAGES, requireRoot } from './packages.ts'
import { makeCertificates } from './pki.ts'
import { files, NODE, type Settings } from './settings.ts'
import { startComponent } from './start-component.ts'

/** Every component's name, whoever's Docker it is. */
export const COMPONENT_NAMES = [
  'dockerd',
  'registry',
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubelet',
  'kube-proxy',
  'dns',
] as const

/** Brings the cluster up; harmless where it is up already. Returns when its node is ready for pods. */
export async function up(settings: Settings, report: Report): Promise<void> {
  requireRoot()
  await installPackages(RUN_PACKAGES, report)
  await buildKubernetes(settings.binaries, report)
  await prepareFolder(settings)
  const engine = await startEngine(settings, report)
  await buildImages(report)
  await using api = createApi(readAccess(files(settings.run).kubeconfig('admin')))
  for (const component of listComponents({ settings, engine, api })) {
    await startComponent(settings.run, component, report)
  }
  await publishDns(api)
  await waitForNode(api, settings.run)
}

/** A run folder that no living process uses is the rest of an earlier boot or a crash: it starts anew. */
async function prepareFolder({ run }: Settings): Promise<void> {
  if (COMPONENT_NAMES.some((name) => findDaemon(run, name))) return
  await unmountVolumes(run)
  await rm(run, { recursive: true, force: true })
  await mkdir(run, { recursive: true, mode: 0o700 })
  await makeCertificates(run)
}

async function startEngine(settings: Settings, report: Report): Promise<DockerEngine> {
  const isOurs = findDaemon(settings.run, 'dockerd') !== undefined || !(await isEngineReady())
  const engine: DockerEngine = { kind: isOurs ? 'ours' : 'machine' }
  if (isOurs) {
    await writeRuntime(files(settings.run).runtime)
    await startComponent(settings.run, docker(settings), report)
  } else {
    await addMirror()
  }
  // Pods of a cluster that is gone would hold their names and addresses.
  if (!findDaemon(settings.run, 'kubelet')) await removePodContainers()
  await makeNodeAddress()
  await writeKubeletConfig(settings.run, await cgroupDriver())
  return engine
}

async function waitForNode(api: Api, run: string): Promise<void> {
  await waitFor(`node ${NODE.name} to be ready`, () => isNodeReady(api), { timeoutMs: 120_000 }).catch(
    (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error)
      throw new Error(`${reason}: see ${logFile(run, 'kubelet')}`, { cause: error })
    },
  )
  // A namespace without its default account refuses pods.
  await waitFor('the default service account', () =>
    api.send<object>('GET', '/api/v1/namespaces/default/serviceaccounts/default'),
  )
}
