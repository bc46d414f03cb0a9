// As whom pods run by `x-k8s.podSecurity`, and by the first Tycho's `security_context`.
import { describe, expect, test } from 'vitest'
import { compile } from '../../src/orchestrators/kubernetes/compile/compile.ts'
import { DEFAULT_POLICY, type Permission } from '../../src/system/policy.ts'
import type { ServiceSpec } from '../../src/system/spec.ts'
import { at, identity, remarks, service, system } from './specs.ts'

const POD = 'spec.template.spec'
const CONTAINER = `${POD}.containers.0.securityContext`

type Given = { all?: object; own?: object; service?: Partial<ServiceSpec>; allow?: Permission[] }

function secured({ all = {}, own = {}, service: given = {}, allow = [] }: Given) {
  const web = service({ ...given, extensions: { 'x-k8s': { podSecurity: own } } })
  const spec = { ...system({ web }), extensions: { ...all } }
  return compile({ identity, spec, exposure: 'nodePort', policy: { ...DEFAULT_POLICY, allow } })
}

const ofAll = (podSecurity: object) => ({ 'x-k8s': { podSecurity } })
const contextsOf = (compiled: ReturnType<typeof secured>) => [
  at(compiled, 'Deployment/shop-web', `${POD}.securityContext`),
  at(compiled, 'Deployment/shop-web', CONTAINER),
]

describe('podSecurity', () => {
  test('gives a user to services that have none, and groups to the pod', () => {
    const [pod, container] = contextsOf(
      secured({
        all: ofAll({ runAsUser: 1000, runAsGroup: 100, supplementalGroups: [5] }),
        own: { fsGroup: 200, runAsNonRoot: true },
        service: { groupAdd: ['4', '5'] },
      }),
    )
    expect(pod).toEqual({ fsGroup: 200, runAsNonRoot: true, supplementalGroups: [4, 5] })
    expect(container).toMatchObject({ runAsUser: 1000, runAsGroup: 100, runAsNonRoot: true })
  })

  test('keeps a service to the level restricted, as `user` would', () => {
    const compiled = secured({ own: { runAsUser: 7 } })
    expect(compiled.problems).toEqual([])
    expect(contextsOf(compiled)[1]).toMatchObject({ capabilities: { drop: ['ALL'] } })
  })

  test('says less than `user`, and of a service more than of all', () => {
    const all = ofAll({ runAsUser: 1000 })
    expect(contextsOf(secured({ all, own: { runAsUser: 7 } }))[1]).toMatchObject({ runAsUser: 7 })
    const named = { service: { user: { user: '8', group: null } } }
    expect(contextsOf(secured({ all, ...named }))[1]).toMatchObject({ runAsUser: 8 })
  })

  test('asks for root where the operator allows it, and is refused elsewhere', () => {
    const root = { all: ofAll({ runAsUser: 0 }), own: { runAsUser: 0 } }
    expect(remarks(secured(root))).toEqual([
      'error NOT_ALLOWED x-k8s.podSecurity',
      'error NOT_ALLOWED services.web.x-k8s.podSecurity',
    ])
    expect(contextsOf(secured({ ...root, allow: ['root'] }))[1]).toEqual({ runAsUser: 0 })
  })
})

describe("the first Tycho's security_context", () => {
  test.each([
    { runAsUser: 1000, runAsGroup: 100, fsGroup: 200 },
    { run_as_user: 1000, run_as_group: 100, fs_group: 200 },
  ])('%j is the same as podSecurity of all', (said) => {
    const [pod, container] = contextsOf(secured({ all: { security_context: said } }))
    expect(pod).toEqual({ fsGroup: 200 })
    expect(container).toMatchObject({ runAsUser: 1000, runAsGroup: 100 })
  })

  test('is refused with root', () => {
    const all = { security_context: { runAsUser: 0 } }
    expect(remarks(secured({ all }))).toEqual(['error NOT_ALLOWED security_context'])
  })
})

describe("the first Tycho's probes", () => {
  const probesOf = (kube: object, own: object = {}) => {
    const web = service({ extensions: { ext: { kube }, 'x-k8s': own } })
    const compiled = compile({ identity, spec: system({ web }), exposure: 'nodePort' })
    expect(remarks(compiled)).toEqual([])
    return at(compiled, 'Deployment/shop-web', `${POD}.containers.0`)
  }

  test('run a command, in its own words', () => {
    const livenessProbe = { cmd: ['cat', '/tmp/healthy'], delay: 5, period: 10, threshold: 2 }
    const readinessProbe = { cmd: 'test -e /tmp/ready' }
    expect(probesOf({ livenessProbe, readinessProbe })).toMatchObject({
      livenessProbe: {
        exec: { command: ['cat', '/tmp/healthy'] },
        initialDelaySeconds: 5,
        periodSeconds: 10,
        failureThreshold: 2,
      },
      readinessProbe: { exec: { command: ['/bin/sh', '-c', 'test -e /tmp/ready'] } },
    })
  })

  test('ask for a page or a port, in its own words', () => {
    const livenessProbe = { httpGet: { httpHeaders: [{ name: 'A', value: 'b' }] }, delay: 1 }
    const readinessProbe = { tcpSocket: { port: 8888 }, periodSeconds: 3 }
    expect(probesOf({ livenessProbe, readinessProbe })).toMatchObject({
      livenessProbe: { httpGet: { path: '/', port: 80, httpHeaders: [{ name: 'A', value: 'b' }] } },
      readinessProbe: { tcpSocket: { port: 8888 }, periodSeconds: 3 },
    })
  })

  test('say less than x-k8s', () => {
    const readiness = { tcpSocket: { port: 1 } }
    const probes = probesOf({ readinessProbe: { tcpSocket: { port: 2 } } }, { readiness })
    expect(probes).toMatchObject({ readinessProbe: readiness })
  })
})
