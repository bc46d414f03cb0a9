/** Starts one process of a cluster. */
import { createServer } from 'node:net'
import { waitFor } from '../wait.ts'
import type { Component } from './component.ts'
import { findDaemon, isSameProcess, logFile, startDaemon } from './daemon.ts'
import type { Report } from './packages.ts'

/** Starts a component that does not run, and waits until it is ready. */
export async function startComponent(run: string, component: Component, report: Report): Promise<void> {
  const { name, command, args, ports, isReady, patienceMs = 60_000 } = component
  const running = findDaemon(run, name)
  if (!running) {
    for (const port of ports) await requireFreePort(port, name)
    report(`starting ${name}`)
  }
  const id = running ?? startDaemon(run, name, command, args)
  const dead = new AbortController()
  const probe = () => {
    if (isSameProcess(id)) return isReady()
    dead.abort(new Error('it ended'))
    return false
  }
  await waitFor(`${name} to be ready`, probe, { timeoutMs: patienceMs, signal: dead.signal }).catch(
    (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error)
      throw new Error(`${name} did not start (${reason}): see ${logFile(run, name)}`, { cause: error })
    },
  )
}

/** Listening on all addresses fails where anybody holds the port on any. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '0.0.0.0', () => server.close(() => resolve(true)))
  })
}

async function requireFreePort(port: number, name: string): Promise<void> {
  if (await isPortFree(port)) return
  throw new Error(
    `port ${port}, which ${name} of the test cluster needs, is taken by a process that is not ours`,
  )
}
