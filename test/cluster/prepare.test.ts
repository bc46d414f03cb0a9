// Images that are pulled beforehand, on a real cluster with a real registry: what is there afterwards, and what remains.
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createKubernetesOrchestrator } from '../../src/orchestrators/kubernetes/orchestrator.ts'
import type { PreparationInput, Prepared } from '../../src/orchestrators/orchestrator.ts'
import type { ImagePull } from '../../src/system/image-pull.ts'
import { MISSING_IMAGE, openApi, testCluster } from '../kit/cluster/cluster.ts'
import { docker } from '../kit/cluster/docker.ts'
import { hasImage } from '../kit/cluster/images.ts'
import { managedObjects } from '../kit/cluster/objects.ts'
import { PORTS } from '../kit/cluster/settings.ts'
import { type Engine, openEngine } from '../kit/engine.ts'
import { waitFor } from '../kit/wait.ts'

const signal = new AbortController().signal

/** An image of the registry that no node has; the node's own copy goes with the test. */
async function publishImage(): Promise<{ image: string } & AsyncDisposable> {
  const tag = `demo/prepared:${randomUUID().slice(0, 8)}`
  const image = `127.0.0.1:${PORTS.registry}/${tag}`
  await docker(['tag', 'demo/shell', tag])
  return {
    image,
    async [Symbol.asyncDispose]() {
      await docker(['rmi', '--force', tag, image]).catch(() => {})
    },
  }
}

/** An orchestrator that serves the namespace of the test. */
function seeing({ identity }: Engine) {
  const orchestrator = createKubernetesOrchestrator({
    kubeconfig: { paths: [testCluster().kubeconfig] },
    namespaces: [identity.namespace],
    log: { debug() {}, info() {}, warn() {}, error() {} },
  })
  return { orchestrator, [Symbol.asyncDispose]: () => orchestrator.close() }
}

const anywhere = (image: string, where = {}): ImagePull => ({ image, policy: null, where })

function inputOf({ identity }: Engine, pulls: ImagePull[]): PreparationInput {
  const { tenant, namespace } = identity
  return { id: randomUUID(), tenant, namespace, pulls, before: [], check: async () => {} }
}

async function untilSettled({ orchestrator }: Engine, input: PreparationInput): Promise<Prepared> {
  let before = input.before
  return waitFor('the images', async () => {
    const prepared = await orchestrator.prepare({ ...input, before }, signal)
    before = prepared.nodes
    return prepared.isSettled ? prepared : undefined
  })
}

async function end({ orchestrator }: Engine, input: PreparationInput): Promise<void> {
  await waitFor(
    'the end of all that was made',
    async () => (await orchestrator.endPreparation(input, signal)).length === 0,
    { intervalMs: 50 },
  )
}

describe.runIf(testCluster().kind === 'debian')('an image that is prepared', () => {
  it('is on the node afterwards, whatever its program is, and nothing else is left', async () => {
    await using engine = await openEngine()
    await using api = openApi()
    await using one = await publishImage()
    expect(await hasImage(one.image)).toBe(false)
    const input = inputOf(engine, [anywhere(one.image), anywhere('local/pause:1')])
    const { nodes, trouble } = await untilSettled(engine, input)
    expect({ nodes, trouble }).toEqual({
      nodes: [
        {
          node: 'node1',
          images: [
            { image: one.image, state: 'present' },
            { image: 'local/pause:1', state: 'present' },
          ],
        },
      ],
      trouble: null,
    })
    await using seen = seeing(engine)
    expect(await seen.orchestrator.preparations(signal)).toMatchObject([
      { id: input.id, tenant: 'test', namespace: engine.identity.namespace },
    ])
    await end(engine, input)
    expect(await hasImage(one.image)).toBe(true)
    expect(await managedObjects(api, engine.identity.namespace)).toEqual([])
    expect(await seen.orchestrator.preparations(signal)).toEqual([])
  })

  it('but is not to be had is told in the words of the registry, beside those that are', async () => {
    await using engine = await openEngine()
    const input = inputOf(engine, [
      anywhere(MISSING_IMAGE),
      anywhere('demo/shell'),
      { ...anywhere('demo/absent:1'), policy: 'never' },
    ])
    const { nodes } = await untilSettled(engine, input)
    const told = Object.fromEntries(nodes[0]?.images.map((one) => [one.image, one]) ?? [])
    expect(told['demo/shell']).toEqual({ image: 'demo/shell', state: 'present' })
    expect(told[MISSING_IMAGE]).toMatchObject({
      state: 'failed',
      reason: {
        code: 'IMAGE_PULL_FAILED',
        message: expect.stringMatching(`^The image ${MISSING_IMAGE} can't be pulled: manifest .*unknown$`),
      },
    })
    expect(told['demo/absent:1']).toMatchObject({
      state: 'failed',
      reason: { code: 'IMAGE_PULL_FAILED', message: expect.stringContaining('policy of Never') },
    })
    await end(engine, input)
  })
})

describe('a preparation', () => {
  it('says which images no node takes, and is taken for no system', async () => {
    await using engine = await openEngine()
    const nowhere = { nodeSelector: { 'tycho.test/nowhere': 'true' } }
    const input = inputOf(engine, [anywhere('demo/shell'), anywhere('demo/hello', nowhere)])
    const { nodes, trouble } = await untilSettled(engine, input)
    expect(nodes).toMatchObject([{ images: [{ image: 'demo/shell', state: 'present' }] }])
    expect(trouble).toMatchObject({
      code: 'NO_NODES',
      message: expect.stringMatching(/^No node takes the pods that need demo\/hello: /),
    })
    await using seen = seeing(engine)
    expect(await seen.orchestrator.list(signal)).toEqual([])
    await end(engine, input)
  })

  it('waits in the words of the quota that leaves no room for its pods', async () => {
    await using engine = await openEngine()
    await using api = openApi()
    const quotas = `/api/v1/namespaces/${engine.identity.namespace}/resourcequotas`
    await api.send('POST', quotas, { metadata: { name: 'none' }, spec: { hard: { pods: '0' } } })
    await waitFor('the quota', async () => {
      const { status } = await api.send<{ status?: { hard?: object } }>('GET', `${quotas}/none`)
      return status?.hard
    })
    const input = inputOf(engine, [anywhere('demo/shell')])
    const waiting = await waitFor('the reason', async () => {
      const prepared = await engine.orchestrator.prepare(input, signal)
      return prepared.trouble ? prepared : undefined
    })
    expect(waiting).toMatchObject({
      isSettled: false,
      trouble: { code: 'QUOTA_EXCEEDED', message: expect.stringContaining('exceeded quota: none') },
    })
    await end(engine, input)
  })

  it('writes nothing when it is not to go on, and takes nobody else for its own', async () => {
    await using engine = await openEngine()
    await using api = openApi()
    const stopped = {
      ...inputOf(engine, [anywhere('demo/shell')]),
      check: () => Promise.reject(new Error('no')),
    }
    await using seen = seeing(engine)
    await expect(engine.orchestrator.prepare(stopped, signal)).rejects.toThrow('no')
    expect(await seen.orchestrator.preparations(signal)).toEqual([])
    const input = { ...stopped, check: async () => {} }
    const template = {
      metadata: { labels: { of: 'a-stranger' } },
      spec: { nodeSelector: { no: 'node' }, containers: [{ name: 'a', image: 'demo/shell' }] },
    }
    await api.send('POST', `/apis/apps/v1/namespaces/${engine.identity.namespace}/daemonsets`, {
      metadata: { name: `tycho-prepare-${input.id}-0` },
      spec: { selector: { matchLabels: { of: 'a-stranger' } }, template },
    })
    await expect(engine.orchestrator.prepare(input, signal)).rejects.toThrow("is not Tycho's")
  })
})
