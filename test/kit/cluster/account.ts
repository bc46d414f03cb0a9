// An account that may do in one namespace what `kubernetes/base` grants, and nothing else.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { type Api, readAccess } from './api.ts'
import { openApi, testCluster } from './cluster.ts'

/** Makes the account and answers its token. */
async function createAccount(api: Api, namespace: string): Promise<string> {
  const role = load(readFileSync(new URL('../../../kubernetes/base/role.yaml', import.meta.url), 'utf8'))
  const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`
  await api.send('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: 'worker' } })
  await api.send('POST', `${rbac}/roles`, { ...Object(role), metadata: { name: 'worker' } })
  await api.send('POST', `${rbac}/rolebindings`, {
    metadata: { name: 'worker' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'worker' },
    subjects: [{ kind: 'ServiceAccount', name: 'worker', namespace }],
  })
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/worker/token`
  const { status } = await api.send<{ status: { token: string } }>('POST', path, { spec: {} })
  return status.token
}

function kubeconfigOf(token: string, namespace: string): object {
  const { server, tls } = readAccess(testCluster().kubeconfig)
  const authority = tls.ca?.toString('base64')
  return {
    clusters: [{ name: 'c', cluster: { server, 'certificate-authority-data': authority } }],
    users: [{ name: 'u', user: { token } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace } }],
    'current-context': 'x',
  }
}

/** Its kubeconfig, until it is disposed of. */
export async function accountOf(namespace: string): Promise<{ path: string } & Disposable> {
  await using api = openApi()
  const directory = mkdtempSync(join(tmpdir(), 'tycho-account-'))
  const path = join(directory, 'kubeconfig')
  writeFileSync(path, JSON.stringify(kubeconfigOf(await createAccount(api, namespace), namespace)))
  return { path, [Symbol.dispose]: () => rmSync(directory, { recursive: true }) }
}
