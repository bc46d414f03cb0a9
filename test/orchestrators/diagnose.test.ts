import { describe, expect, it } from 'vitest'
import { diagnosePod } from '../../src/orchestrators/kubernetes/cluster/diagnose.ts'
import { type Note, nothingNoted } from '../../src/orchestrators/kubernetes/cluster/notes.ts'
import {
  type PodState,
  toPodState,
  withMemory,
  withNote,
} from '../../src/orchestrators/kubernetes/cluster/seen-pod.ts'

const image = 'r.example/a:x'

function podOf(status: object, container: object = {}): PodState {
  const spec = { containers: [{ name: 'web', image, ...container }] }
  return toPodState({ metadata: { name: 'p', uid: 'u', resourceVersion: '1' }, spec, status: { ...status } })
}

function waiting(reason: string, message = '', more: object = {}, asked: object = {}): PodState {
  const container = {
    name: 'web',
    ready: false,
    restartCount: 0,
    state: { waiting: { reason, message } },
    ...more,
  }
  return podOf({ phase: 'Pending', containerStatuses: [container] }, asked)
}

describe('an image that can not be pulled', () => {
  it.each([
    // Docker
    [
      '127.0.0.1:5000/a',
      'rpc error: code = Unknown desc = Error response from daemon: manifest for 127.0.0.1:5000/a:latest not found: manifest unknown: manifest unknown',
      'manifest not found: manifest unknown',
    ],
    [
      'a',
      "rpc error: code = Unknown desc = Error response from daemon: pull access denied for a, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
      "pull access denied, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    ],
    [
      'a',
      'rpc error: code = Unknown desc = Error response from daemon: unauthorized: authentication required',
      'unauthorized: authentication required',
    ],
    [
      'a',
      'rpc error: code = Unknown desc = Error response from daemon: no matching manifest for linux/arm64/v8 in the manifest list entries',
      'no matching manifest for linux/arm64/v8 in the manifest list entries',
    ],
    // containerd
    [
      'a:x',
      'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/a:x": failed to resolve reference "docker.io/library/a:x": docker.io/library/a:x: not found',
      'not found',
    ],
    [
      'a',
      'failed to pull and unpack image "docker.io/library/a:latest": failed to resolve reference "docker.io/library/a:latest": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
      'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
    ],
    [
      'r.example/a:x',
      'failed to resolve reference "r.example/a:x": unexpected status from HEAD request to https://r.example/v2/a/manifests/x: 403 Forbidden',
      'unexpected status from HEAD request to https://r.example/v2/a/manifests/x: 403 Forbidden',
    ],
  ])('is final when the registry says so, and is named once: %s, %s', (asked, message, words) => {
    expect(diagnosePod(waiting('ErrImagePull', message, {}, { image: asked }), 'giveUp')).toMatchObject({
      isFinal: true,
      reason: { code: 'IMAGE_PULL_FAILED', message: `The image ${asked} can't be pulled: ${words}` },
    })
  })

  it.each([
    'Error response from daemon: Get "https://r.example/v2/": dial tcp: lookup r.example: no such host',
    'Error response from daemon: Get "https://r.example/v2/": net/http: TLS handshake timeout',
    'toomanyrequests: You have reached your pull rate limit',
    'failed to do request: Head "https://r.example/v2/a/manifests/x": dial tcp 192.0.2.1:443: i/o timeout',
    'received unexpected HTTP status: 503 Service Unavailable',
  ])('is tried again when the way to the registry is the reason: %s', (message) => {
    expect(diagnosePod(waiting('ErrImagePull', message), 'giveUp')).toMatchObject({
      isFinal: false,
      reason: { code: 'IMAGE_PULL_RETRIED' },
    })
  })

  it('stays final over the back-offs, which do not say why', () => {
    const first = waiting('ErrImagePull', 'manifest unknown')
    const next = withMemory(waiting('ImagePullBackOff', 'Back-off pulling image "a:x"'), first)
    expect(diagnosePod(next, 'giveUp')).toMatchObject({
      isFinal: true,
      reason: { code: 'IMAGE_PULL_FAILED' },
    })
    const later = withMemory(waiting('ImagePullBackOff', 'Back-off pulling image "a:x"'), next)
    expect(diagnosePod(later, 'giveUp')?.isFinal).toBe(true)
    expect(diagnosePod(withMemory(waiting('ContainerCreating'), later), 'giveUp')?.isFinal).toBe(false)
  })

  it('is final after five attempts on a way to the registry that stays broken', () => {
    const failing = waiting('ErrImagePull', 'dial tcp: lookup r.example: no such host')
    const backingOff = waiting('ImagePullBackOff', 'Back-off pulling image "a:x"')
    let pod = failing
    for (let attempt = 1; attempt < 5; attempt += 1) {
      expect(diagnosePod(pod, 'giveUp')?.isFinal).toBe(false)
      pod = withMemory(failing, withMemory(failing, withMemory(backingOff, pod)))
    }
    expect(diagnosePod(pod, 'giveUp')).toMatchObject({
      isFinal: true,
      reason: {
        code: 'REGISTRY_UNAVAILABLE',
        message: `The image ${image} can't be pulled, and was tried 5 times: dial tcp: lookup r.example: no such host`,
      },
    })
  })

  it('is named too where nobody says why', () => {
    expect(
      diagnosePod(waiting('ImagePullBackOff', 'Back-off pulling image "a:x"'), 'giveUp')?.reason,
    ).toEqual({
      code: 'IMAGE_PULL_RETRIED',
      message: `The image ${image} could not be pulled yet`,
    })
  })

  it('is read from the back-off where that says why', () => {
    const message = 'Back-off pulling image "a:x": ErrImagePull: a:x: not found'
    expect(diagnosePod(waiting('ImagePullBackOff', message), 'giveUp')?.isFinal).toBe(true)
  })
})

describe('a container', () => {
  it.each([
    [
      'InvalidImageName',
      'Failed to apply default image tag "r.example/a:x": couldn\'t parse image reference "r.example/a:x": invalid reference format',
      'IMAGE_NAME_INVALID',
      "r.example/a:x can't be the name of an image: invalid reference format",
    ],
    [
      'ErrImageNeverPull',
      'Container image "r.example/a:x" is not present with pull policy of Never',
      'IMAGE_PULL_FAILED',
      'The image r.example/a:x is not present with pull policy of Never',
    ],
    [
      'CreateContainerConfigError',
      'secret "s" not found',
      'CONTAINER_CONFIG_INVALID',
      'Its container is not configured well: secret "s" not found',
    ],
    [
      'CreateContainerError',
      'Error response from daemon: No command specified',
      'CONTAINER_START_FAILED',
      'No container can be made of the image r.example/a:x: No command specified',
    ],
    [
      'RunContainerError',
      'failed to start container "8c1b": Error response from daemon: OCI runtime create failed: container_linux.go:367: starting container process caused: exec: "nope": executable file not found in $PATH: unknown',
      'CONTAINER_START_FAILED',
      'The command can\'t be run in the image r.example/a:x: exec: "nope": executable file not found in $PATH',
    ],
    [
      'RunContainerError',
      'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "nope": stat nope: no such file or directory: unknown',
      'CONTAINER_START_FAILED',
      'The command can\'t be run in the image r.example/a:x: exec: "nope": stat nope: no such file or directory',
    ],
  ])('that meets %s fails for good, with the words that matter: %s', (reason, said, code, message) => {
    expect(diagnosePod(waiting(reason, said), 'giveUp')).toEqual({
      isFinal: true,
      rank: 9,
      reason: { code, message },
    })
  })

  it('that is one of several is named', () => {
    const both = waiting('CreateContainerError', 'no space left on device', {})
    const [web] = both.containers
    const pod = {
      ...both,
      containers: [...both.containers, { ...Object(web), name: 'sidecar', now: { is: 'unknown' } }],
    }
    expect(diagnosePod(pod, 'giveUp')?.reason.message).toMatch(
      /^web: No container .* no space left on device$/,
    )
  })

  it.each([
    ['CreateContainerConfigError', 'failed to sync configmap cache: timed out waiting for the condition'],
    ['CreateContainerError', 'context deadline exceeded'],
    ['CreateContainerError', 'failed to reserve container name: name is reserved for "1"'],
  ])('that meets %s because the kubelet is late is tried again', (reason, message) => {
    expect(diagnosePod(waiting(reason, message), 'giveUp')?.isFinal).toBe(false)
  })

  it('crashes for good with the third restart, and says how it ended', () => {
    const crash = (restartCount: number) =>
      waiting('CrashLoopBackOff', 'back-off', {
        restartCount,
        lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
      })
    expect(diagnosePod(crash(1), 'giveUp')).toMatchObject({ isFinal: false, reason: { code: 'RESTARTING' } })
    expect(diagnosePod(crash(2), 'giveUp')?.isFinal).toBe(false)
    expect(diagnosePod(crash(3), 'giveUp')).toMatchObject({
      isFinal: true,
      reason: {
        code: 'CRASH_LOOP',
        message: 'It keeps ending: restarted 3 times, the last time with code 137 (OOMKilled)',
      },
    })
    expect(diagnosePod(crash(9), 'leave')?.isFinal).toBe(false)
  })

  it('whose program can not be executed fails at once, also in the back-off', () => {
    const lastState = { terminated: { exitCode: 127, reason: 'ContainerCannotRun', message: 'no such file' } }
    const pod = waiting('CrashLoopBackOff', 'back-off', { restartCount: 1, lastState })
    expect(diagnosePod(pod, 'giveUp')).toMatchObject({
      isFinal: true,
      reason: {
        code: 'CONTAINER_START_FAILED',
        message: "The command can't be run in the image r.example/a:x: no such file",
      },
    })
    expect(pod.containers[0]?.hasRun).toBe(false)
  })

  it.each([
    [
      'its healthcheck, by the program alone',
      { readinessProbe: { exec: { command: ['redis-cli', '-a', 'hunter2', 'ping'] } } },
      'It runs and is not ready: its healthcheck (redis-cli) has not succeeded yet',
    ],
    [
      'its healthcheck, of which a script says nothing',
      { readinessProbe: { exec: { command: ['/bin/sh', '-c', 'PASSWORD=hunter2 check'] } } },
      'It runs and is not ready: its healthcheck has not succeeded yet',
    ],
    ['nothing', {}, 'It runs, and is about to be ready'],
  ])('that runs and is not ready waits for %s', (_what, asked, message) => {
    const status = { name: 'web', ready: false, state: { running: {} } }
    const pod = podOf({ phase: 'Running', containerStatuses: [status] }, asked)
    expect(diagnosePod(pod, 'giveUp')).toMatchObject({
      isFinal: false,
      reason: { code: 'NOT_READY', message },
    })
  })
})

describe('a pod', () => {
  const creating = waiting('ContainerCreating')
  const noted = (pod: PodState, note: Partial<Note>) => withNote(pod, { ...nothingNoted, ...note })

  it('whose image is being pulled waits for that', () => {
    expect(diagnosePod(noted(creating, { pulls: ['web'] }), 'giveUp')).toMatchObject({
      isFinal: false,
      reason: { code: 'PULLING', message: `Its image ${image} is being pulled` },
    })
    const running = podOf({ containerStatuses: [{ name: 'web', ready: false, state: { running: {} } }] })
    expect(diagnosePod(noted(running, { pulls: ['web'] }), 'giveUp')?.reason.code).toBe('NOT_READY')
  })

  it('whose volume can not be mounted fails with the third attempt, unless it got over it', () => {
    const message = 'MountVolume.SetUp failed for volume "s" : secret "s" not found'
    const failing = (times: number) => ({ mountFailure: { times, message } })
    expect(diagnosePod(noted(creating, failing(2)), 'giveUp')).toMatchObject({ isFinal: false })
    expect(diagnosePod(noted(creating, failing(3)), 'giveUp')).toMatchObject({
      isFinal: true,
      reason: { code: 'MOUNT_FAILED', message: `Its volumes can not be mounted: ${message}` },
    })
    expect(diagnosePod(noted(creating, { ...failing(3), pulls: ['web'] }), 'giveUp')?.isFinal).toBe(false)
    expect(diagnosePod(noted(waiting('CrashLoopBackOff'), failing(3)), 'giveUp')?.isFinal).toBe(false)
  })

  it('that nobody has looked at yet waits for a node', () => {
    expect(diagnosePod(podOf({ phase: 'Pending' }), 'giveUp')?.reason.code).toBe('SCHEDULING')
    const conditions = [{ type: 'PodScheduled', status: 'True' }]
    expect(diagnosePod(podOf({ phase: 'Pending', conditions }), 'giveUp')?.reason.code).toBe('STARTING')
  })

  it('that no node takes says so in the words of the scheduler', () => {
    const condition = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message: '0/1 nodes are available',
    }
    expect(diagnosePod(podOf({ phase: 'Pending', conditions: [condition] }), 'giveUp')).toMatchObject({
      isFinal: false,
      reason: { code: 'UNSCHEDULABLE', message: 'No node takes the pod: 0/1 nodes are available' },
    })
  })

  it('that is ready or has ended well has nothing to say', () => {
    expect(diagnosePod(podOf({ phase: 'Succeeded' }), 'giveUp')).toBeUndefined()
    const conditions = [{ type: 'Ready', status: 'True' }]
    expect(diagnosePod(podOf({ phase: 'Running', conditions }), 'giveUp')).toBeUndefined()
  })

  it('that was evicted says why', () => {
    const pod = podOf({ phase: 'Failed', reason: 'Evicted', message: 'The node was low on memory' })
    expect(diagnosePod(pod, 'giveUp')?.reason).toEqual({
      code: 'POD_FAILED',
      message: 'Evicted: The node was low on memory',
    })
  })
})
