/** Room for one claim on a cluster that has no storage class: a folder of the node, reserved for that claim. */
import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { openApi } from './cluster.ts'

/**
 * The claim, of no class and at most 1Gi, is bound to it as soon as it exists. Where the cluster has a default class that
 * makes volumes, the claim gets one of those, and this one is not used.
 */
export async function createVolume(claim: { namespace: string; name: string }): Promise<AsyncDisposable> {
  const name = `test-${randomUUID().slice(0, 8)}`
  const path = `/tmp/tycho-volume-${name}`
  await using api = openApi()
  await api.send('POST', '/api/v1/persistentvolumes', {
    metadata: { name },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce', 'ReadWriteMany'],
      persistentVolumeReclaimPolicy: 'Retain',
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', ...claim },
      hostPath: { path, type: 'DirectoryOrCreate' },
    },
  })
  return {
    async [Symbol.asyncDispose]() {
      await using closing = openApi()
      await closing.send('DELETE', `/api/v1/persistentvolumes/${name}`)
      await rm(path, { recursive: true, force: true })
    },
  }
}
