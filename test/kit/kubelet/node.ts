/** The Node object behind which there is nothing. */
import { type Api, ApiError } from '../cluster/api.ts'

const PLENTY = { cpu: '10000', memory: '100Ti', 'ephemeral-storage': '100Ti', pods: '100000' }

export async function registerNode(api: Api, name: string): Promise<void> {
  await removeNode(api, name)
  await api.send('POST', '/api/v1/nodes', {
    metadata: { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' } },
  })
  await api.send('PATCH', `/api/v1/nodes/${name}/status`, {
    status: {
      capacity: PLENTY,
      allocatable: PLENTY,
      addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'a stand-in' }],
    },
  })
}

export async function removeNode(api: Api, name: string): Promise<void> {
  await api.send('DELETE', `/api/v1/nodes/${name}`).catch((error: unknown) => {
    if (!(error instanceof ApiError && error.status === 404)) throw error
  })
}
