/** What exists of one system: its objects by their label, pods too. */
import type { Api } from './api.ts'

/** Every kind that Tycho makes, or that follows from what it makes. */
const COLLECTIONS = {
  Deployment: '/apis/apps/v1/namespaces/{}/deployments',
  ReplicaSet: '/apis/apps/v1/namespaces/{}/replicasets',
  Job: '/apis/batch/v1/namespaces/{}/jobs',
  Service: '/api/v1/namespaces/{}/services',
  ConfigMap: '/api/v1/namespaces/{}/configmaps',
  Secret: '/api/v1/namespaces/{}/secrets',
  Endpoints: '/api/v1/namespaces/{}/endpoints',
  Pod: '/api/v1/namespaces/{}/pods',
}

export type KubeObject = { metadata: { name: string; uid: string; labels?: Record<string, string> } }

export type ManagedObject = { subject: string; kind: string; system: string; sid: string }

/** All objects of a namespace that Tycho manages, with what their labels say. */
export async function listManaged(api: Api, namespace: string): Promise<ManagedObject[]> {
  const lists = Object.entries(COLLECTIONS).map(async ([kind, path]) => {
    const selector = '?labelSelector=app.kubernetes.io/managed-by%3Dtycho'
    const list = await api.send<{ items: KubeObject[] }>('GET', path.replace('{}', namespace) + selector)
    return list.items.map(({ metadata: { name, labels } }) => ({
      subject: `${kind}/${name}`,
      kind,
      system: labels?.['tycho.io/system'] ?? '',
      sid: labels?.['tycho.io/sid'] ?? '',
    }))
  })
  return (await Promise.all(lists)).flat()
}

/** Subjects such as `Deployment/web` of all objects of a namespace that Tycho manages. */
export async function managedObjects(api: Api, namespace: string): Promise<string[]> {
  return (await listManaged(api, namespace)).map(({ subject }) => subject).sort()
}
