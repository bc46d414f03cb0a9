// What is read of the pods that pull images, whatever runs the containers: statuses as kubelets send them.
import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../src/orchestrators/kubernetes/cluster/objects.ts'
import { toDaemonSets } from '../../src/orchestrators/kubernetes/cluster/prepare-objects.ts'
import {
  joinReports,
  pullKey,
  toPodReport,
} from '../../src/orchestrators/kubernetes/cluster/prepare-report.ts'
import type { ImagePull, NodeImages } from '../../src/system/image-pull.ts'

const pull = (image: string, more: Partial<ImagePull> = {}): ImagePull => ({
  image,
  policy: null,
  where: {},
  ...more,
})
const pulls = [pull('demo/a')]

function pod(status: object, spec: object = { nodeName: 'n1' }): KubeObject {
  const metadata = { name: 'p', uid: 'uid', resourceVersion: '1' }
  return {
    metadata,
    spec: { containers: [{ name: 'image-0', image: 'demo/a' }], ...spec },
    status: { ...status },
  }
}

const waiting = (reason: string, message = '', more = {}) =>
  pod({
    containerStatuses: [{ name: 'image-0', imageID: '', state: { waiting: { reason, message } }, ...more }],
  })

type Given = { before?: NodeImages[]; words?: string; now?: number }

function imageOf(one: KubeObject, { before = [], words, now = 0 }: Given = {}) {
  const told = new Map(words === undefined ? [] : [[pullKey('uid', 'image-0'), words]])
  const report = toPodReport(one, { pulls, before, words: told, now })
  return { ...report.images[0], isSettled: report.isSettled }
}

describe('an image', () => {
  it.each([
    [
      'Docker, started in vain',
      waiting('RunContainerError', 'failed to start', { imageID: 'docker-pullable://a' }),
    ],
    ['containerd, started in vain', waiting('RunContainerError', 'failed to create containerd task')],
    [
      'CRI-O, that looks for the program before',
      waiting('CreateContainerError', 'executable file not found'),
    ],
    ['a kubelet that will not run it', waiting('CreateContainerConfigError', 'image will run as root')],
    ['an earlier attempt to start it', waiting('CrashLoopBackOff', 'back-off 10s')],
    [
      'a container that ended',
      pod({
        containerStatuses: [
          { name: 'image-0', state: { terminated: { exitCode: 128, reason: 'StartError' } } },
        ],
      }),
    ],
    [
      'a new attempt after one that had it',
      waiting('ErrImagePull', 'no such host', {
        lastState: { terminated: { exitCode: 127 } },
        restartCount: 1,
      }),
    ],
  ])('is present by the word of %s', (_who, one) => {
    expect(imageOf(one)).toEqual({ image: 'demo/a', state: 'present', isSettled: true })
  })

  it.each(['ContainerCreating', 'PodInitializing', ''])(
    'is being pulled while the reason is "%s"',
    (reason) => {
      expect(imageOf(waiting(reason))).toEqual({ image: 'demo/a', state: 'pulling', isSettled: false })
    },
  )

  it('has failed for good in the words of the registry, whoever passes them on', () => {
    const failure = 'rpc error: code = Unknown desc = Error response from daemon: manifest unknown'
    const failed = {
      image: 'demo/a',
      state: 'failed',
      reason: { code: 'IMAGE_PULL_FAILED', message: "The image demo/a can't be pulled: manifest unknown" },
      isSettled: true,
    }
    expect(imageOf(waiting('ErrImagePull', failure))).toEqual(failed)
    // What an event told, once the status has gone back to waiting.
    const backOff = waiting('ImagePullBackOff', 'Back-off pulling image "demo/a"')
    expect(imageOf(backOff, { words: failure })).toEqual(failed)
    // What was told before, where events may not be read.
    const { isSettled: _now, ...told } = failed
    const before = [{ node: 'n1', images: [told as NodeImages['images'][number]] }]
    expect(imageOf(backOff, { before })).toEqual(failed)
    expect(imageOf(waiting('InvalidImageName', "couldn't parse"))).toMatchObject({
      state: 'failed',
      reason: { code: 'IMAGE_NAME_INVALID' },
    })
  })

  it('goes on being pulled while the registry is away, and says so', () => {
    const away = waiting('ErrImagePull', 'dial tcp 127.0.0.1:5000: connect: connection refused')
    expect(imageOf(away)).toMatchObject({
      state: 'pulling',
      reason: { code: 'IMAGE_PULL_RETRIED', message: expect.stringContaining('connection refused') },
      isSettled: false,
    })
    expect(imageOf(waiting('ImageInspectError', 'the engine is busy'))).toMatchObject({
      state: 'pulling',
      reason: { message: 'the engine is busy' },
      isSettled: false,
    })
  })

  it('is unknown where a node has said nothing, and is not waited for long where it has no room', () => {
    expect(imageOf(pod({}))).toEqual({ image: 'demo/a', state: 'unknown', isSettled: false })
    const since = '2026-11-28T09:00:00Z'
    const message = '0/2 nodes are available: 1 Too many pods.'
    const conditions = [{ type: 'PodScheduled', status: 'False', message, lastTransitionTime: since }]
    const terms = [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n7'] }] }]
    const affinity = {
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } },
    }
    const full = pod({ conditions }, { affinity })
    const report = (now: number) => toPodReport(full, { pulls, before: [], words: new Map(), now })
    expect(report(Date.parse(since) + 1_000)).toEqual({
      node: 'n7',
      images: [{ image: 'demo/a', state: 'unknown', reason: { code: 'UNSCHEDULABLE', message } }],
      isSettled: false,
    })
    expect(report(Date.parse(since) + 31_000).isSettled).toBe(true)
    const evicted = pod({ phase: 'Failed', reason: 'Evicted', message: 'The node was low on disk' })
    expect(imageOf(evicted)).toMatchObject({
      state: 'unknown',
      reason: { code: 'POD_FAILED', message: 'Evicted: The node was low on disk' },
      isSettled: false,
    })
  })
})

it('nodes are told once, with what says the most of an image that several of their pods have', () => {
  const a = (state: 'present' | 'pulling') => [{ image: 'demo/a', state } as const]
  expect(
    joinReports([
      { node: 'n2', images: a('pulling') },
      { node: 'n1', images: a('pulling') },
      { node: 'n2', images: [...a('present'), { image: 'demo/0', state: 'unknown' }] },
    ]),
  ).toEqual([
    { node: 'n1', images: a('pulling') },
    { node: 'n2', images: [{ image: 'demo/0', state: 'unknown' }, ...a('present')] },
  ])
})

describe('what pulls images', () => {
  const made = (given: ImagePull[]) =>
    toDaemonSets({
      id: 'p1',
      tenant: 'alice',
      namespace: 'labs',
      pulls: given,
      before: [],
      check: async () => {},
    })

  it('keeps to pod security restricted, asks for next to nothing, and runs a program that no image has', () => {
    const [daemonSet] = made([pull('demo/a', { policy: 'missing' })])
    expect(daemonSet?.metadata).toMatchObject({ name: 'tycho-prepare-p1-0', namespace: 'labs' })
    expect(daemonSet?.spec?.template.spec).toEqual({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 0,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65534,
        runAsGroup: 65534,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: 'image-0',
          image: 'demo/a',
          imagePullPolicy: 'IfNotPresent',
          command: ['/tycho/runs-nothing'],
          resources: { requests: { cpu: '1m', memory: '1Mi' }, limits: { cpu: '10m', memory: '16Mi' } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        },
      ],
    })
  })

  it('has a pod for each place and for every eight images, and belongs to no system', () => {
    const where = { nodeSelector: { disk: 'ssd' }, imagePullSecrets: [{ name: 'hub' }] }
    const nine = Array.from({ length: 9 }, (_, at) => pull(`demo/${at}`))
    const all = made([...nine, pull('demo/x', { where })])
    const images = all.map(({ spec }) => spec?.template.spec?.containers.map(({ name }) => name))
    expect(images.map((names) => names?.length)).toEqual([8, 1, 1])
    expect(new Set(images.flat()).size).toBe(10)
    expect(all[2]?.spec?.template.spec).toMatchObject(where)
    expect(JSON.stringify(all)).not.toContain('tycho.io/sid')
  })
})
