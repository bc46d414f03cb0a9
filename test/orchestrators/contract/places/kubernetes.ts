// The cluster of the tests, in a namespace of the contract's own.
import type { Api } from '../../../kit/cluster/api.ts'
import { createNamespace, MISSING_IMAGE, openApi, testCluster } from '../../../kit/cluster/cluster.ts'
import { listManaged } from '../../../kit/cluster/objects.ts'
import { createVolume } from '../../../kit/cluster/volume.ts'
import type { Place, SeenContainer } from '../place.ts'

type State = { startedAt?: string; finishedAt?: string }
type Pod = {
  metadata: { uid: string; labels: Record<string, string> }
  status: {
    phase: string
    containerStatuses?: { containerID?: string; state: { running?: State; terminated?: State } }[]
  }
}

export async function openCluster(): Promise<Place> {
  await using opening = new AsyncDisposableStack()
  const namespace = opening.use(await createNamespace('contract'))
  const api = opening.use(openApi())
  const core = `/api/v1/namespaces/${namespace.name}`
  const opened = opening.move()
  return {
    environment: {
      TYCHO_ORCHESTRATOR: 'kubernetes',
      KUBECONFIG: testCluster().kubeconfig,
      TYCHO_NAMESPACE: namespace.name,
      TYCHO_PUBLIC_HOST: testCluster().nodeHost,
    },
    missingImage: MISSING_IMAGE,
    objects: async (system) => {
      const managed = (await listManaged(api, namespace.name)).filter((one) => one.system === system)
      return [...managed.map(({ subject }) => subject), ...(await claimsOf(api, core, system))]
    },
    containers: (system) => containersOf(api, core, system),
    roomFor: (system, volume) => createVolume({ namespace: namespace.name, name: `${system}-${volume}` }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

async function claimsOf(api: Api, core: string, system: string): Promise<string[]> {
  const { items } = await api.send<{ items: { metadata: { name: string } }[] }>(
    'GET',
    `${core}/persistentvolumeclaims?labelSelector=${encodeURIComponent(`tycho.io/system=${system}`)}`,
  )
  return items.map(({ metadata }) => `PersistentVolumeClaim/${metadata.name}`)
}

/** One for each pod; a pod that is ending is not over. */
async function containersOf(api: Api, core: string, system: string): Promise<SeenContainer[]> {
  const selector = encodeURIComponent(`tycho.io/system=${system}`)
  const { items } = await api.send<{ items: Pod[] }>('GET', `${core}/pods?labelSelector=${selector}`)
  return items.map(({ metadata: { uid, labels }, status }) => {
    const { running, terminated } = status.containerStatuses?.[0]?.state ?? {}
    return {
      id: uid,
      service: labels['tycho.io/service'] ?? '',
      isRunning: status.phase === 'Running',
      startedAt: timeOf((running ?? terminated)?.startedAt),
      endedAt: timeOf(terminated?.finishedAt),
    }
  })
}

const timeOf = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text))
