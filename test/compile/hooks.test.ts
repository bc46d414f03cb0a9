import { expect, test } from 'vitest'
import { compile } from '../../src/orchestrators/kubernetes/compile/compile.ts'
import { DEFAULT_POLICY, type Policy } from '../../src/system/policy.ts'
import type { Hook } from '../../src/system/process.ts'
import { at, compileServices, identity, limits, remarks, service, system } from './specs.ts'

const CONTAINER = 'spec.template.spec.containers.0'
const INIT = 'spec.template.spec.initContainers'

function hook(given: Partial<Hook> = {}): Hook {
  const none = { image: null, user: null, privileged: false, workingDir: null, environment: {} }
  return { command: ['true'], ...none, perReplica: false, ...given }
}

const withHooks = (hooks: { preStart?: Hook[]; postStart?: Hook[]; preStop?: Hook[] }, given = {}) =>
  compileServices({
    web: service({ hooks: { preStart: [], postStart: [], preStop: [], ...hooks }, ...given }),
  })

test('runs a hook of one step as it is written', () => {
  const compiled = withHooks({ postStart: [hook({ command: ['echo', '$HOME $(A)'] })] })
  expect(at(compiled, 'Deployment/shop-web', `${CONTAINER}.lifecycle`)).toEqual({
    postStart: { exec: { command: ['echo', '$HOME $(A)'] } },
  })
  expect(remarks(compiled)).toEqual([])
})

test('runs several steps one after the other, each in its folder and with its variables', () => {
  const steps = [
    hook({ command: ['echo', `it's`], workingDir: '/my data', environment: { 'A-B': '$x' } }),
    hook({ command: ['nginx', '-s', 'quit'] }),
  ]
  const compiled = withHooks({ preStop: steps })
  expect(at(compiled, 'Deployment/shop-web', `${CONTAINER}.lifecycle.preStop.exec.command`)).toEqual([
    '/bin/sh',
    '-c',
    String.raw`(cd '/my data' && exec env 'A-B=$x' 'echo' 'it'\''s') && (exec 'nginx' '-s' 'quit')`,
  ])
})

test('warns that a hook has the user and the rights of its container', () => {
  const user = { user: '1000', group: null }
  const compiled = withHooks(
    { postStart: [hook({ user: '1000' })], preStop: [hook({ user: 'root', privileged: true })] },
    { user },
  )
  expect(remarks(compiled)).toEqual([
    'warning HOOK_AS_CONTAINER services.web.pre_stop[0].user',
    'warning HOOK_AS_CONTAINER services.web.pre_stop[0].privileged',
  ])
})

test('runs the steps before each copy in containers of their own, with what the service has', () => {
  const steps = [
    hook({ command: ['migrate', '$A'], perReplica: true }),
    hook({
      perReplica: true,
      command: null,
      image: 'tools:1',
      workingDir: '/w',
      user: '7:8',
      environment: { B: '2' },
    }),
  ]
  const compiled = withHooks(
    { preStart: steps },
    { environment: { A: '1', B: '1' }, workingDir: '/app', shmSizeBytes: 1024 },
  )
  const volumeMounts = [{ name: 'shm', mountPath: '/dev/shm' }]
  const [first, second] = at(compiled, 'Deployment/shop-web', INIT) as object[]
  expect(first).toMatchObject({
    name: 'pre-start--0',
    image: 'demo/hello',
    args: ['migrate', '$$A'],
    workingDir: '/app',
    volumeMounts,
  })
  expect(second).toMatchObject({
    name: 'pre-start--1',
    image: 'tools:1',
    workingDir: '/w',
    env: [
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
    ],
    volumeMounts,
    securityContext: { runAsUser: 7, runAsGroup: 8 },
  })
  expect(second).not.toHaveProperty('args')
})

test('says that what runs once comes before what runs for each copy', () => {
  const [once, each] = [hook(), hook({ perReplica: true })]
  expect(remarks(withHooks({ preStart: [once, each] }))).toEqual([])
  expect(remarks(withHooks({ preStart: [each, once] }))).toEqual([
    'warning PRE_START_REORDERED services.web.pre_start[1]',
  ])
})

test.each([
  ['root', 'NOT_ALLOWED'],
  ['0:0', 'NOT_ALLOWED'],
  ['app', 'USER_BY_NAME'],
])('refuses a step before the start as user %s', (user, code) => {
  expect(remarks(withHooks({ preStart: [hook({ user })] }))).toEqual([
    `error ${code} services.web.pre_start[0].user`,
  ])
})

test('refuses a privileged step before the start', () => {
  expect(remarks(withHooks({ preStart: [hook({ privileged: true })] }))).toEqual([
    'error NOT_ALLOWED services.web.pre_start[0].privileged',
  ])
})

test('lets a step before the start have what the operator allows, and no other image', () => {
  const steps = [hook({ user: 'root', privileged: true }), hook({ image: 'other' })]
  const web = service({
    hooks: { preStart: steps, postStart: [], preStop: [] },
    resources: limits({ memoryBytes: 1024 }),
    extensions: { 'x-k8s': { image: 'another' } },
  })
  const under = (given: Partial<Policy>) =>
    compile({
      identity,
      spec: system({ web }),
      exposure: 'nodePort',
      policy: { ...DEFAULT_POLICY, allow: ['root', 'privileged'], ...given },
    })
  expect(at(under({}), 'Job/shop--pre-start-web', `${INIT}.0`)).toMatchObject({
    securityContext: { runAsUser: 0, privileged: true },
    resources: { limits: { memory: '1Ki' } },
  })
  expect(remarks(under({ images: ['demo/*'] }))).toEqual([
    'error IMAGE_NOT_ALLOWED services.web.x-k8s.image',
    'error IMAGE_NOT_ALLOWED services.web.pre_start[1].image',
  ])
})
