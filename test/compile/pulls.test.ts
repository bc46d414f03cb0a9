// Which images the pods of a system need, by its manifests.
import { expect, it } from 'vitest'
import { parseCompose } from '../../src/compose/parse.ts'
import { compile } from '../../src/orchestrators/kubernetes/compile/compile.ts'
import { checkExtension } from '../../src/orchestrators/kubernetes/compile/extensions.ts'
import { pullsOf } from '../../src/orchestrators/kubernetes/compile/pulls.ts'
import { must } from '../kit/work.ts'

function pulls(compose: string) {
  const { spec } = parseCompose({ compose, env: {}, checkExtension })
  const identity = { tenant: 'alice', namespace: 'default', name: 'demo', sid: '0'.repeat(32) }
  return pullsOf(compile({ identity, spec: must(spec), exposure: 'nodePort' }).stages)
}

it('the images of a system are those of all its pods, each once, and of the steps before them', () => {
  const found = pulls(`services:
  web:
    image: demo/web
    pre_start: [{ image: demo/step, command: ["true"] }]
    depends_on: { once: { condition: service_completed_successfully } }
  same: { image: demo/web }
  once: { image: demo/once, pull_policy: always, restart: "no" }
  nightly: { image: demo/nightly, restart: "no", x-k8s: { schedule: "0 3 * * *" } }
`)
  expect(new Set(found.map(({ image }) => image))).toEqual(
    new Set(['demo/web', 'demo/step', 'demo/once', 'demo/nightly']),
  )
  expect(found.filter(({ image }) => image === 'demo/web')).toEqual([
    { image: 'demo/web', policy: null, where: {} },
  ])
  expect(found.find(({ image }) => image === 'demo/once')).toMatchObject({ policy: 'always' })
})

it('where an image is wanted is said by where its pods may run, and with whose rights it is pulled', () => {
  const found = pulls(`x-k8s: { imagePullSecrets: [hub], tolerations: [{ key: gpu, operator: Exists }] }
services:
  web:
    image: demo/web
    platform: linux/arm64
    deploy: { placement: { constraints: ["node.labels.disk == ssd"], max_replicas_per_node: 1 } }
`)
  expect(found).toEqual([
    {
      image: 'demo/web',
      policy: null,
      where: {
        nodeSelector: { 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'arm64' },
        tolerations: [{ key: 'gpu', operator: 'Exists' }],
        imagePullSecrets: [{ name: 'hub' }],
        nodeAffinity: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] }],
        },
      },
    },
  ])
})
