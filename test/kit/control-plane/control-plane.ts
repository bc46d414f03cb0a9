/**
 * A control plane of the test run's own: etcd, API server, controller manager and, where it is wanted, the scheduler on
 * free ports of loopback, without nodes. So a test may kill its API server, and fill it with thousands of pods, without disturbing anybody.
 */
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Api, createApi, readAccess } from '../cluster/api.ts'
import { buildKubernetes } from '../cluster/build.ts'
import type { Component } from '../cluster/component.ts'
import { type ControlPlane, listControlPlane, type Rates } from '../cluster/control-plane-components.ts'
import { findDaemon, isSameProcess, logFile, stopDaemon } from '../cluster/daemon.ts'
import { CONTROL_PLANE_PACKAGES, installPackages, type Report } from '../cluster/packages.ts'
import { makeCertificates } from '../cluster/pki.ts'
import { files, type Settings } from '../cluster/settings.ts'
import { isPortFree, startComponent } from '../cluster/start-component.ts'
import { lastingPort } from '../redis.ts'
import { waitFor } from '../wait.ts'
import { claimFolder, removeDeadFolders } from './folders.ts'

export type OpenControlPlane = { plane: ControlPlane } & AsyncDisposable

/** `scheduler`: without it a stand-in has to bind the pods. `rates`: left out, those of the tests. */
export type ControlPlaneOptions = { scheduler?: boolean; rates?: Rates }

/** Builds Kubernetes where this machine has not done so yet; what an earlier run that was killed left is ended first. */
export async function openControlPlane(
  settings: Settings,
  report: Report,
  { scheduler = false, rates }: ControlPlaneOptions = {},
): Promise<OpenControlPlane> {
  await installPackages(CONTROL_PLANE_PACKAGES, report)
  await buildKubernetes(settings.binaries, report)
  const root = `${settings.run}-control-planes`
  await removeDeadFolders(root, closeFolder)
  const run = await claimFolder(root)
  await using opening = new AsyncDisposableStack()
  opening.defer(() => closeFolder(run))
  const plane: ControlPlane = {
    binaries: settings.binaries,
    run,
    ports: await choosePorts(scheduler),
    ...(rates && { rates }),
  }
  await makeCertificates(run, plane.ports.api)
  await startAll(plane, report)
  const opened = opening.move()
  return { plane, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

async function choosePorts(scheduler: boolean): Promise<ControlPlane['ports']> {
  return {
    api: await lastingPort(),
    etcd: await lastingPort(),
    etcdPeer: await lastingPort(),
    controllerManager: await lastingPort(),
    ...(scheduler && { scheduler: await lastingPort() }),
  }
}

const NAMES = ['kube-scheduler', 'kube-controller-manager', 'kube-apiserver', 'etcd'] as const

async function closeFolder(run: string): Promise<void> {
  for (const name of NAMES) await stopDaemon(run, name)
  await rm(run, { recursive: true, force: true })
}

async function startAll(plane: ControlPlane, report: Report): Promise<void> {
  await mkdir(join(plane.run, 'log'), { recursive: true })
  await using api = openAdmin(plane)
  for (const component of listControlPlane(plane, api)) await startOrTell(plane.run, component, report)
  await waitFor('the default service account', () =>
    api.send<object>('GET', '/api/v1/namespaces/default/serviceaccounts/default'),
  )
}

/** The folder goes with a start that failed, so the last words are taken along. */
async function startOrTell(run: string, component: Component, report: Report): Promise<void> {
  await startComponent(run, component, report).catch(async (cause: unknown) => {
    const log = await readFile(logFile(run, component.name), 'utf8').catch(() => '')
    throw new Error(`${component.name} did not start: ${log.trim().slice(-500)}`, { cause })
  })
}

const openAdmin = (plane: ControlPlane): Api => createApi(readAccess(kubeconfigOf(plane)))

export const kubeconfigOf = ({ run }: ControlPlane): string => files(run).kubeconfig('admin')

/** Ends the API server as a crash would. `end` (or disposing) starts it again on its port, and waits until it is ready. */
export async function killApiServer(
  plane: ControlPlane,
): Promise<{ end(): Promise<void> } & AsyncDisposable> {
  const id = findDaemon(plane.run, 'kube-apiserver')
  if (!id) throw new Error('there is no API server to kill')
  process.kill(id.pid, 'SIGKILL')
  // A process of many threads may be a zombie already while the last of them still holds its port.
  const isGone = () => !isSameProcess(id) && isPortFree(plane.ports.api)
  await waitFor('the end of the API server', isGone, { intervalMs: 10 })
  const end = () => startApiServer(plane)
  return { end, [Symbol.asyncDispose]: end }
}

/** Does nothing where it runs. */
async function startApiServer(plane: ControlPlane): Promise<void> {
  await using api = openAdmin(plane)
  const isApiServer = ({ name }: Component) => name === 'kube-apiserver'
  for (const component of listControlPlane(plane, api).filter(isApiServer)) {
    await startComponent(plane.run, component, () => undefined)
  }
}
