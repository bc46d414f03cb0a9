// What the compiler makes, before a real API server and a real kubelet.
import { expect, test } from 'vitest'
import { compile } from '../../src/orchestrators/kubernetes/compile/compile.ts'
import { assumedFacts } from '../../src/orchestrators/kubernetes/facts.ts'
import type { CompileInput, Manifest } from '../../src/orchestrators/orchestrator.ts'
import type { SystemSpec } from '../../src/system/spec.ts'
import { identity, service, system } from '../compile/specs.ts'
import type { Api } from '../kit/cluster/api.ts'
import { createNamespace, openApi } from '../kit/cluster/cluster.ts'
import { waitFor } from '../kit/wait.ts'

type Version = { major: string; minor: string }
type Pods = { items: { metadata: { name: string }; status: { phase: string } }[] }

const collections: Record<string, string> = {
  Deployment: '/apis/apps/v1/namespaces/{}/deployments',
  Job: '/apis/batch/v1/namespaces/{}/jobs',
  Service: '/api/v1/namespaces/{}/services',
}

function pathOf({ body }: Manifest): string {
  const { namespace, name } = Object(body.metadata)
  return `${collections[String(body.kind)]?.replace('{}', namespace)}/${name}`
}

async function compileFor(
  api: Api,
  namespace: string,
  spec: SystemSpec,
  given: Partial<CompileInput> = {},
): Promise<Manifest[]> {
  const { major, minor } = await api.send<Version>('GET', '/version')
  const version = { major: Number.parseInt(major, 10), minor: Number.parseInt(minor, 10) }
  const input: CompileInput = { identity: { ...identity, namespace }, spec, exposure: 'nodePort', ...given }
  return compile(input, { ...assumedFacts, version }).stages.flatMap(({ manifests }) => manifests)
}

test('command, arguments and variables reach the process as they are written', async () => {
  await using namespace = await createNamespace('compile')
  await using api = openApi()
  const words = ['$HOME', '$(VALUE)', '$$', `it's "quoted" \\n`]
  const work = service({
    image: 'demo/shell',
    restart: { condition: 'no' },
    environment: { FIRST: '1', VALUE: '$(FIRST) $$ ${FIRST}' },
    entrypoint: ['sh', '-c', 'printf "%s|" "$@" "$VALUE"', 'sh'],
    command: words,
  })
  for (const manifest of await compileFor(api, namespace.name, system({ work })))
    await api.send('POST', pathOf(manifest).replace(/\/[^/]+$/, ''), manifest.body)

  const pods = `/api/v1/namespaces/${namespace.name}/pods`
  const pod = await waitFor('the end of the pod', async () =>
    (await api.send<Pods>('GET', pods)).items.find(({ status }) => status.phase === 'Succeeded'),
  )
  expect(await api.text(`${pods}/${pod.metadata.name}/log`)).toBe(
    `${[...words, '$(FIRST) $$ ${FIRST}'].join('|')}|`,
  )
})
