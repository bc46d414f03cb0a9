/** Node objects behind which there is nothing. */
import { type Api, ApiError } from '../cluster/api.ts'

/** As if each were as large as a rack, so that only the number of pods is a limit. */
const plenty = (pods: number) => ({
  cpu: '10000',
  memory: '100Ti',
  'ephemeral-storage': '100Ti',
  pods: `${pods}`,
})

/** `pods`: how many a scheduler may put there. */
export async function registerNode(api: Api, name: string, pods: number): Promise<void> {
  await removeNode(api, name)
  await api.send('POST', '/api/v1/nodes', {
    metadata: { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' } },
  })
  const room = plenty(pods)
  await api.send('PATCH', `/api/v1/nodes/${name}/status`, {
    status: {
      capacity: room,
      allocatable: room,
      addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'a stand-in' }],
    },
  })
  // The API server marks each new node as not ready, which a controller takes back that does not run here.
  await api.send('PATCH', `/api/v1/nodes/${name}`, { spec: { taints: null } })
}

export async function removeNode(api: Api, name: string): Promise<void> {
  await api.send('DELETE', `/api/v1/nodes/${name}`).catch((error: unknown) => {
    if (!(error instanceof ApiError && error.status === 404)) throw error
  })
}
