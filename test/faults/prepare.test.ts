// Images on several nodes, each of which comes to another end, and one that is there only later.
import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { createKubernetesOrchestrator } from '../../src/orchestrators/kubernetes/orchestrator.ts'
import type { PreparationInput, Prepared } from '../../src/orchestrators/orchestrator.ts'
import { createNamespace, openApi, testCluster } from '../kit/cluster/cluster.ts'
import { type PodPlan, startKubelet } from '../kit/kubelet/kubelet.ts'
import { waitFor } from '../kit/wait.ts'

const signal = new AbortController().signal
const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** The image is there, and its container can't be started, as it has no such program. */
const pulled = { is: 'waiting', reason: 'RunContainerError', message: 'no such file' } as const
const refused = { is: 'waiting', reason: 'ErrImagePull', message: 'manifest unknown' } as const

const nodeOf = ({ spec }: Parameters<PodPlan>[0]) => spec.nodeName ?? ''

it('each node is told by itself, one that comes meanwhile is among them, and all that pulled goes', async () => {
  const { kubeconfig } = testCluster()
  await using namespace = await createNamespace('prepare')
  await using api = openApi()
  const { name } = namespace
  const first: PodPlan = (pod) => {
    if (nodeOf(pod).endsWith('-0')) return pulled
    return nodeOf(pod).endsWith('-1') ? refused : { is: 'held' }
  }
  await using kubelet = await startKubelet(kubeconfig, { namespace: name, nodes: 3, plan: first })
  await using opened = new AsyncDisposableStack()
  const kubernetes = { kubeconfig: { paths: [kubeconfig] }, namespaces: [name], log: silent }
  const engine = opened.adopt(createKubernetesOrchestrator(kubernetes), (one) => one.close())
  const input: PreparationInput = {
    id: randomUUID(),
    tenant: 'test',
    namespace: name,
    pulls: [{ image: 'demo/a', policy: null, where: {} }],
    before: [],
    check: async () => {},
  }
  const until = (what: string, isSo: (prepared: Prepared) => boolean) =>
    waitFor(what, async () => {
      const prepared = await engine.prepare(input, signal)
      return isSo(prepared) ? prepared : undefined
    })
  const states = ({ nodes }: Prepared) =>
    Object.fromEntries(nodes.map(({ node, images }) => [node, images[0]?.state]))
  const node = (index: number) => `stand-in-${name}-${index}`

  const early = await until('two nodes to be through', ({ nodes }) =>
    ['present', 'failed'].every((state) => nodes.some(({ images }) => images[0]?.state === state)),
  )
  expect(early.isSettled).toBe(false)
  expect(states(early)).toEqual({ [node(0)]: 'present', [node(1)]: 'failed', [node(2)]: 'unknown' })

  await using _late = await startKubelet(kubeconfig, { namespace: name, plan: () => pulled })
  kubelet.follow((pod) => (nodeOf(pod).endsWith('-1') ? refused : pulled))
  const settled = await until('all four', ({ nodes, isSettled }) => nodes.length === 4 && isSettled)
  expect(states(settled)).toEqual({
    [`stand-in-${name}`]: 'present',
    [node(0)]: 'present',
    [node(1)]: 'failed',
    [node(2)]: 'present',
  })
  expect(settled.nodes.find((one) => one.node === node(1))?.images).toMatchObject([
    { reason: { message: "The image demo/a can't be pulled: manifest unknown" } },
  ])

  await waitFor('the end', async () => (await engine.endPreparation(input, signal)).length === 0)
  const { items } = await api.send<{ items: unknown[] }>('GET', `/api/v1/namespaces/${name}/pods`)
  expect(items).toEqual([])
})
