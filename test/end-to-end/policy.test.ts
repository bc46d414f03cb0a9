// The operator's policy file, as the processes read it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { HttpProblem } from '../../src/api/schemas/http-problem.ts'
import { createNamespace, testCluster } from '../kit/cluster/cluster.ts'
import { waitForOk } from '../kit/http.ts'
import { startTycho } from '../kit/tycho.ts'

/** A file of this content, until it is disposed of. */
function policyFile(content: object): { path: string } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), 'tycho-policy-'))
  const path = join(folder, 'policy.yml')
  writeFileSync(path, JSON.stringify(content))
  return { path, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
}

it("a tenant's rule lets its systems do what it says, and nothing else", async () => {
  using file = policyFile({
    default: { images: ['demo/*'] },
    tenants: { test: { allow: ['host_ports'] }, other: { allow: ['privileged'] } },
  })
  await using namespace = await createNamespace('policy')
  const { kubeconfig, nodeHost } = testCluster()
  const environment = { TYCHO_POLICY_FILE: file.path }
  await using tycho = await startTycho({ kubeconfig, namespace: namespace.name, environment })

  const refused = await tycho.send<HttpProblem>('POST', '/v1/systems', {
    name: 'demo',
    compose: { services: { web: { image: 'other/hello', privileged: true } } },
  })
  const errors = (refused.body.problems ?? []).filter(({ severity }) => severity === 'error')
  expect(errors.map(({ code, path }) => `${code} ${path}`).sort()).toEqual([
    'IMAGE_NOT_ALLOWED services.web.image',
    'NOT_ALLOWED services.web.privileged',
  ])

  const port = 21_000 + (process.pid % 4_000)
  const ports = [{ target: 8888, published: port, mode: 'host' }]
  const compose = { services: { web: { image: 'demo/hello', restart: 'always', ports } } }
  const job = await tycho.done(await tycho.start({ name: 'demo', compose }))
  expect([job.status, job.result?.endpoints]).toEqual(['succeeded', []])
  expect(await waitForOk(`http://${nodeHost}:${port}`)).toContain('Hello Tycho')
})
