// `security_opt`: what of it a pod has, on which cluster.
import { describe, expect, test } from 'vitest'
import type { ClusterFacts } from '../../src/orchestrators/kubernetes/facts.ts'
import { DEFAULT_POLICY } from '../../src/system/policy.ts'
import type { SecurityOption } from '../../src/system/process.ts'
import { at, clusterOf, compileServices, remarks, service } from './specs.ts'

const plain = service()
const allowing = { ...DEFAULT_POLICY, allow: ['unconfined', 'host_pid'] as const }

function compileWith(options: SecurityOption[], facts?: ClusterFacts, given: Partial<typeof plain> = {}) {
  const security = { ...plain.security, options }
  return compileServices(
    { web: service({ security, ...given }) },
    { policy: allowing, ...(facts && { facts }) },
  )
}
const podOf = (...args: Parameters<typeof compileWith>) =>
  at(compileWith(...args), 'Deployment/shop-web', 'spec.template')
const contextOf = (...args: Parameters<typeof compileWith>) =>
  at(compileWith(...args), 'Deployment/shop-web', 'spec.template.spec.containers.0.securityContext')

describe('a profile', () => {
  test("is that of the container runtime by Docker's own name", () => {
    expect(contextOf([{ name: 'seccomp', value: 'builtin' }])).toEqual({
      seccompProfile: { type: 'RuntimeDefault' },
    })
    expect(contextOf([{ name: 'apparmor', value: 'docker-default' }])).toEqual({
      appArmorProfile: { type: 'RuntimeDefault' },
    })
  })

  test('of a file is one of the nodes, and said to be', () => {
    const options = [{ name: 'seccomp', value: 'profiles/audit.json' }]
    expect(contextOf(options)).toEqual({
      seccompProfile: { type: 'Localhost', localhostProfile: 'profiles/audit.json' },
    })
    expect(remarks(compileWith(options))).toEqual(['warning PROFILE_OF_NODES services.web.security_opt[0]'])
  })

  test.each(['/etc/profile.json', '../profile.json', ''])('at %j is refused', (value) => {
    expect(remarks(compileWith([{ name: 'seccomp', value }]))).toEqual([
      'error NOT_ON_KUBERNETES services.web.security_opt[0]',
    ])
  })

  test('of AppArmor is an annotation of the pod before Kubernetes 1.30', () => {
    const options = [{ name: 'apparmor', value: 'mine' }]
    expect(podOf(options, clusterOf(29))).toMatchObject({
      metadata: { annotations: { 'container.apparmor.security.beta.kubernetes.io/web': 'localhost/mine' } },
    })
    expect(contextOf(options, clusterOf(29))).toBeUndefined()
    expect(podOf(options, clusterOf(30))).not.toHaveProperty('metadata.annotations')
  })
})

describe('a label of SELinux', () => {
  test('is a field of the container, all of them together', () => {
    const options = [
      { name: 'label', value: 'type:container_t' },
      { name: 'label', value: 'level:s0:c100,c200' },
    ]
    expect(contextOf(options)).toEqual({ seLinuxOptions: { type: 'container_t', level: 's0:c100,c200' } })
  })
})

describe('unmasked system paths', () => {
  const options = [{ name: 'systempaths', value: 'unconfined' }]

  test("come with users of the pod's own", () => {
    expect(podOf(options)).toMatchObject({ spec: { hostUsers: false } })
  })

  test("of one service in another's pod do so too", () => {
    const namespaces = { ...plain.namespaces, network: { kind: 'service' as const, service: 'web' } }
    const side = service({ namespaces, security: { ...plain.security, options } })
    const compiled = compileServices({ web: service(), side }, { policy: allowing })
    expect(at(compiled, 'Deployment/shop-web', 'spec.template.spec')).toMatchObject({ hostUsers: false })
  })

  test('need Kubernetes 1.33, and no namespace of the machine', () => {
    const refused = ['error NOT_ON_KUBERNETES services.web.security_opt[0]']
    expect(remarks(compileWith(options, clusterOf(32)))).toEqual(refused)
    const namespaces = { ...plain.namespaces, pid: { kind: 'host' as const } }
    expect(remarks(compileWith(options, clusterOf(33), { namespaces }))).toEqual(refused)
  })
})

test('an option that a cluster has nothing for is refused', () => {
  expect(remarks(compileWith([{ name: 'writable-cgroups', value: 'true' }]))).toEqual([
    'error NOT_ON_KUBERNETES services.web.security_opt[0]',
  ])
})

test("the machine's users are said only to a cluster that knows others", () => {
  const namespaces = { ...plain.namespaces, user: { kind: 'host' as const } }
  const policy = { ...DEFAULT_POLICY, allow: ['host_users'] as const }
  const specOf = (minor: number) =>
    at(
      compileServices({ web: service({ namespaces }) }, { policy, facts: clusterOf(minor) }),
      'Deployment/shop-web',
      'spec.template.spec',
    )
  expect(specOf(24)).not.toHaveProperty('hostUsers')
  expect(specOf(25)).toMatchObject({ hostUsers: true })
})
