import { describe, expect, test } from 'vitest'
import { specOf, webFile, webOf, webProblems } from './kit.ts'

describe('deploy', () => {
  test('says how copies are placed and replaced', () => {
    const { deploy } = webOf(`deploy:
  mode: global
  endpoint_mode: dnsrr
  labels: [a=1]
  placement: {constraints: [node.role == manager], preferences: [{spread: node.labels.zone}], max_replicas_per_node: 1}
  update_config: {parallelism: 0, delay: 10s, order: start-first, max_failure_ratio: 0.5}`)
    expect(deploy).toMatchObject({
      mode: 'global',
      endpointMode: 'dnsrr',
      labels: { a: '1' },
      placement: {
        constraints: ['node.role == manager'],
        spread: ['node.labels.zone'],
        maxReplicasPerNode: 1,
      },
      update: { parallelism: 0, delayMs: 10_000, order: 'start-first', maxFailureRatio: 0.5 },
      rollback: null,
    })
  })

  test.each([
    ['{condition: none}', { condition: 'no' }],
    ['{condition: any}', { condition: 'always' }],
    ['{condition: on-failure, max_attempts: 3}', { condition: 'on-failure', maxAttempts: 3 }],
    ['{delay: 5s}', { condition: 'always' }],
  ])('restart_policy %s wins over restart', (policy, restart) => {
    expect(webOf(`restart: unless-stopped\ndeploy: {restart_policy: ${policy}}`).restart).toEqual(restart)
  })

  test('devices say what they must be able to', () => {
    const lines = (device: string) => `deploy: {resources: {reservations: {devices: [${device}]}}}`
    expect(webProblems(lines('{capabilities: [gpu], count: 1}'))).toEqual([])
    expect(webProblems(lines('{driver: nvidia}'))).toEqual([
      'MISSING_KEY services.web.deploy.resources.reservations.devices[0]',
    ])
    expect(webProblems(lines('{capabilities: [gpu], count: 1, device_ids: [a]}'))).toEqual([
      'CONFLICTING_KEYS services.web.deploy.resources.reservations.devices[0].count',
    ])
  })

  test.each([
    ['deploy: {mode: some}', 'INVALID_VALUE services.web.deploy.mode'],
    ['deploy: {update_config: {order: any}}', 'INVALID_VALUE services.web.deploy.update_config.order'],
    ['deploy: {replicas: 2}\ncontainer_name: one', 'CONFLICTING_KEYS services.web.container_name'],
    ['post_start: [{user: root}]', 'MISSING_KEY services.web.post_start[0]'],
    ['develop: {watch: [{path: .}]}', 'MISSING_KEY services.web.develop.watch[0]'],
    [
      'labels: {com.docker.compose.project: x}',
      'RESERVED_LABEL services.web.labels.com.docker.compose.project',
    ],
    ['models: [m]', 'UNDEFINED_MODEL services.web.models.m'],
    [
      'build: {context: ., platforms: [linux/arm64]}\nplatform: linux/amd64',
      'CONFLICTING_KEYS services.web.platform',
    ],
    ['links: [gone]', 'UNKNOWN_DEPENDENCY services.web.links'],
    ['pid: "service:web"', 'DEPENDENCY_CYCLE services.web.pid'],
  ])('%s is refused', (lines, problem) => expect(webProblems(lines)).toEqual([problem]))
})

describe('build', () => {
  test('is a folder, or says more', () => {
    expect(webOf('build: ./web').build).toMatchObject({ dockerfile: null, args: {} })
    const lines =
      'build: {context: ., args: [A, B=2], ssh: [default], tags: [a/b], no_cache: "true", shm_size: 64m}'
    expect(webOf(lines, { A: '1' }).build).toMatchObject({
      args: { A: '1', B: '2' },
      ssh: { default: '' },
      tags: ['a/b'],
      noCache: true,
      shmSizeBytes: 67108864,
    })
  })
})

test('hooks are steps, with variables as a service has them', () => {
  const lines = 'pre_start: [{command: sh -c "a b", environment: [A=1], per_replica: true}, {image: x}]'
  expect(webOf(lines).hooks.preStart).toMatchObject([
    { command: ['sh', '-c', 'a b'], environment: { A: '1' }, perReplica: true, image: null },
    { command: null, image: 'x', perReplica: false },
  ])
})

test('models have variables named after them', () => {
  const spec = specOf(`${webFile('models: [my-llm]')}models: {my-llm: {model: ai/x, context_size: 1024}}\n`)
  expect(spec.services.web?.models).toEqual({
    'my-llm': { endpointVariable: 'MY_LLM_URL', modelVariable: 'MY_LLM' },
  })
  expect(spec.models['my-llm']).toMatchObject({ model: 'ai/x', contextSize: 1024 })
})
