// Tokens of ServiceAccounts, as a real cluster judges them: its own, those made for Tycho, and those that are neither.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadAll } from 'js-yaml'
import { expect, it } from 'vitest'
import { createKubernetesOrchestrator } from '../../src/orchestrators/kubernetes/orchestrator.ts'
import { createAccountTokens } from '../../src/tenants/account-tokens.ts'
import { toTenancy } from '../../src/tenants/tenancy.ts'
import { type Api, readAccess } from '../kit/cluster/api.ts'
import { createNamespace, openApi, testCluster } from '../kit/cluster/cluster.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }
const signal = AbortSignal.timeout(60_000)

async function tokenOf(api: Api, namespace: string, name: string, audiences?: string[]): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`
  const spec = audiences ? { audiences } : {}
  return (await api.send<{ status: { token: string } }>('POST', path, { spec })).status.token
}

/** A kubeconfig with this token, in a folder that is removed with it. */
function kubeconfigWith(token: string): Disposable & { path: string } {
  const { server, tls } = readAccess(testCluster().kubeconfig)
  const folder = mkdtempSync(join(tmpdir(), 'tycho-review-'))
  const path = join(folder, 'kubeconfig')
  const cluster = { server, 'certificate-authority-data': tls.ca?.toString('base64') }
  writeFileSync(
    path,
    JSON.stringify({
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user: { token } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    }),
  )
  return { path, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
}

/** Gives the account the right that `kubernetes/token-review` gives. */
async function allowReviews(api: Api, namespace: string, name: string): Promise<AsyncDisposable> {
  const file = new URL('../../kubernetes/token-review/token-reviews.yaml', import.meta.url)
  const [role] = loadAll(readFileSync(file, 'utf8')) as object[]
  const rbac = '/apis/rbac.authorization.k8s.io/v1'
  const metadata = { name: `${namespace}-reviews` }
  await api.send('POST', `${rbac}/clusterroles`, { ...role, metadata })
  await api.send('POST', `${rbac}/clusterrolebindings`, {
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: metadata.name },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  })
  return {
    async [Symbol.asyncDispose]() {
      for (const kind of ['clusterrolebindings', 'clusterroles'])
        await api.send('DELETE', `${rbac}/${kind}/${metadata.name}`)
    },
  }
}

it('are taken with no more than the right to ask, for the audience that is wanted, until they end', async () => {
  await using namespace = await createNamespace('review')
  await using api = openApi()
  for (const name of ['tycho', 'caller'])
    await api.send('POST', `/api/v1/namespaces/${namespace.name}/serviceaccounts`, { metadata: { name } })
  using kubeconfig = kubeconfigWith(await tokenOf(api, namespace.name, 'tycho'))
  const orchestrator = createKubernetesOrchestrator({ kubeconfig: { paths: [kubeconfig.path] }, log })
  await using stack = new AsyncDisposableStack()
  stack.defer(() => orchestrator.close())
  const own = await tokenOf(api, namespace.name, 'caller')
  const meant = await tokenOf(api, namespace.name, 'caller', ['tycho'])
  const review = (token: string, audiences: string[]) => orchestrator.reviewToken(token, audiences, signal)

  await expect(review(own, [])).rejects.toMatchObject({ code: 'FORBIDDEN' })
  stack.use(await allowReviews(api, namespace.name, 'tycho'))
  const user = `system:serviceaccount:${namespace.name}:caller`
  await expect.poll(() => review(own, []).catch(() => null), { timeout: 20_000 }).toBe(user)
  expect(await review(meant, ['tycho'])).toBe(user)
  expect(await review(own, ['tycho'])).toBeNull()
  expect(await review(meant, [])).toBeNull()
  expect(await review(`${own.slice(0, -4)}AAAA`, [])).toBeNull()
  expect(await review('a.b.c', [])).toBeNull()

  const account = { account: `${namespace.name}/*`, tenant: 'bob', scopes: ['write'] as 'write'[] }
  const tenancy = toTenancy({}, {}, [account])
  const ask = createAccountTokens({ tenancy, audience: 'tycho', review: orchestrator.reviewToken })
  expect(await ask(meant)).toEqual({
    outcome: 'identified',
    identity: { tenant: 'bob', scopes: ['write'], caller: `account:${namespace.name}/caller` },
  })
  expect(await ask(own)).toMatchObject({ outcome: 'refused' })

  const gone = await tokenOf(api, namespace.name, 'caller', ['tycho'])
  await api.send('DELETE', `/api/v1/namespaces/${namespace.name}/serviceaccounts/caller`)
  await expect.poll(() => review(gone, ['tycho']), { timeout: 30_000 }).toBeNull()
})
