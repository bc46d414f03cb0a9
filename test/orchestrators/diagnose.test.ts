import { describe, expect, it } from 'vitest'
import { diagnosePod } from '../../src/orchestrators/kubernetes/cluster/diagnose.ts'
import { type PodState, toPodState, withMemory } from '../../src/orchestrators/kubernetes/cluster/seen-pod.ts'

function podOf(status: object): PodState {
  return toPodState({ metadata: { name: 'p', uid: 'u', resourceVersion: '1' }, status: { ...status } })
}

function waiting(reason: string, message = '', more: object = {}): PodState {
  const container = {
    name: 'web',
    ready: false,
    restartCount: 0,
    state: { waiting: { reason, message } },
    ...more,
  }
  return podOf({ phase: 'Pending', containerStatuses: [container] })
}

describe('an image that can not be pulled', () => {
  it.each([
    // Docker
    'rpc error: code = Unknown desc = Error response from daemon: manifest for 127.0.0.1:5000/a:latest not found: manifest unknown: manifest unknown',
    "rpc error: code = Unknown desc = Error response from daemon: pull access denied for a, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    'rpc error: code = Unknown desc = Error response from daemon: unauthorized: authentication required',
    'rpc error: code = Unknown desc = Error response from daemon: no matching manifest for linux/arm64/v8 in the manifest list entries',
    // containerd
    'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/a:x": failed to resolve reference "docker.io/library/a:x": docker.io/library/a:x: not found',
    'failed to pull and unpack image "docker.io/library/a:latest": failed to resolve reference: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
    'failed to resolve reference "r.example/a:x": unexpected status from HEAD request to https://r.example/v2/a/manifests/x: 403 Forbidden',
  ])('is final when the registry says so: %s', (message) => {
    expect(diagnosePod(waiting('ErrImagePull', message), 'giveUp')).toMatchObject({
      isFinal: true,
      reason: { code: 'IMAGE_PULL_FAILED', message: expect.stringContaining(message) },
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

  it('is read from the back-off where that says why', () => {
    const message = 'Back-off pulling image "a:x": ErrImagePull: a:x: not found'
    expect(diagnosePod(waiting('ImagePullBackOff', message), 'giveUp')?.isFinal).toBe(true)
  })
})

describe('a container', () => {
  it.each([
    ['InvalidImageName', "couldn't parse image reference", 'IMAGE_NAME_INVALID'],
    ['ErrImageNeverPull', 'is not present with pull policy of Never', 'IMAGE_PULL_FAILED'],
    ['CreateContainerConfigError', 'secret "s" not found', 'CONTAINER_CONFIG_INVALID'],
    ['CreateContainerError', 'no command specified', 'CONTAINER_START_FAILED'],
    ['RunContainerError', 'exec: "nope": executable file not found in $PATH', 'CONTAINER_START_FAILED'],
  ])('that meets %s fails for good', (reason, message, code) => {
    const diagnosis = diagnosePod(waiting(reason, message), 'giveUp')
    expect(diagnosis).toMatchObject({ isFinal: true, reason: { code } })
    expect(diagnosis?.reason.message).toContain(message)
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
        message: 'web keeps ending: restarted 3 times, the last time with code 137 (OOMKilled)',
      },
    })
    expect(diagnosePod(crash(9), 'leave')?.isFinal).toBe(false)
  })

  it('whose program can not be executed fails at once, also in the back-off', () => {
    const lastState = { terminated: { exitCode: 127, reason: 'ContainerCannotRun', message: 'no such file' } }
    const pod = waiting('CrashLoopBackOff', 'back-off', { restartCount: 1, lastState })
    expect(diagnosePod(pod, 'giveUp')).toMatchObject({
      isFinal: true,
      reason: { code: 'CONTAINER_START_FAILED' },
    })
    expect(pod.containers[0]?.hasRun).toBe(false)
  })

  it('that runs and is not ready waits for its probe', () => {
    const pod = podOf({
      phase: 'Running',
      containerStatuses: [{ name: 'web', ready: false, state: { running: {} } }],
    })
    expect(diagnosePod(pod, 'giveUp')).toMatchObject({ isFinal: false, reason: { code: 'NOT_READY' } })
  })
})

describe('a pod', () => {
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
