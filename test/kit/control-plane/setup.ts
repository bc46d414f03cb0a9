/** Vitest's global setup of the fault tests: a control plane that they may break, which is their cluster. */
import type { TestProject } from 'vitest/node'
import type { ControlPlane } from '../cluster/control-plane-components.ts'
import { readSettings } from '../cluster/settings.ts'
import { kubeconfigOf, openControlPlane } from './control-plane.ts'

declare module 'vitest' {
  interface ProvidedContext {
    controlPlane: ControlPlane
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const opened = await openControlPlane(readSettings(), (line) => console.log(line))
  project.provide('controlPlane', opened.plane)
  project.provide('cluster', { kind: 'bare', kubeconfig: kubeconfigOf(opened.plane), nodeHost: '127.0.0.1' })
  return async () => opened[Symbol.asyncDispose]()
}
