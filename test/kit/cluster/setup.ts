/** Vitest's global setup of the cluster tests: opens a cluster before them and closes what it opened after them. */
import type { TestProject } from 'vitest/node'
import { type ClusterInfo, openCluster } from './choose.ts'
import { readSettings } from './settings.ts'

declare module 'vitest' {
  interface ProvidedContext {
    cluster: ClusterInfo
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await openCluster(readSettings(), (line) => console.log(line))
  project.provide('cluster', cluster.info)
  return async () => cluster[Symbol.asyncDispose]()
}
