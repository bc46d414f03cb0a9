// What the operator allows, and with how few rights a service runs.
import { describe, expect, test } from 'vitest'
import type { Permission, Policy } from '../../src/system/policy.ts'
import { DEFAULT_POLICY, PERMISSIONS } from '../../src/system/policy.ts'
import type { ServiceSpec } from '../../src/system/spec.ts'
import { at, compileServices, limits, port, service } from './specs.ts'

const plain = service()
const security = (given: Partial<ServiceSpec['security']>) => ({ ...plain.security, ...given })
const user = (text: string) => ({ user: text, group: null })
const container = 'spec.template.spec.containers.0'

function compileWith(given: Partial<ServiceSpec>, policy: Partial<Policy> = {}) {
  return compileServices({ web: service(given) }, { policy: { ...DEFAULT_POLICY, ...policy } })
}
const errors = (...args: Parameters<typeof compileWith>) =>
  compileWith(...args)
    .problems.filter(({ severity }) => severity === 'error')
    .map(({ code, path }) => `${code} ${path}`)
const contextOf = (...args: Parameters<typeof compileWith>) =>
  at(compileWith(...args), 'Deployment/shop-web', `${container}.securityContext`)
const levels = (given: Partial<ServiceSpec>, allow: Permission[] = []) =>
  compileWith(given, { allow })
    .problems.filter(({ code }) => code === 'POD_SECURITY_BASELINE')
    .map(({ path, severity }) => `${severity} ${path}`)

describe('what gives rights over the machine', () => {
  const host = (of: keyof ServiceSpec['namespaces']) => ({
    namespaces: { ...plain.namespaces, [of]: { kind: 'host' as const } },
  })
  const option = (name: string, value: string) => ({ security: security({ options: [{ name, value }] }) })
  test.each<[Permission, Partial<ServiceSpec>, string, string, unknown]>([
    [
      'privileged',
      { security: security({ privileged: true }) },
      'privileged',
      `${container}.securityContext.privileged`,
      true,
    ],
    [
      'cap_add',
      { security: security({ capAdd: ['cap_net_admin'] }) },
      'cap_add',
      `${container}.securityContext.capabilities.add`,
      ['NET_ADMIN'],
    ],
    ['root', { user: user('0') }, 'user', `${container}.securityContext.runAsUser`, 0],
    ['root', { user: user('root') }, 'user', `${container}.securityContext.runAsUser`, 0],
    [
      'unsafe_sysctls',
      { sysctls: { 'kernel.msgmax': '1' } },
      'sysctls.kernel.msgmax',
      'spec.template.spec.securityContext.sysctls',
      [{ name: 'kernel.msgmax', value: '1' }],
    ],
    ['host_network', host('network'), 'network_mode', 'spec.template.spec.hostNetwork', true],
    ['host_pid', host('pid'), 'pid', 'spec.template.spec.hostPID', true],
    ['host_ipc', host('ipc'), 'ipc', 'spec.template.spec.hostIPC', true],
    ['host_users', host('user'), 'userns_mode', 'spec.template.spec.hostUsers', true],
    [
      'unconfined',
      option('seccomp', 'unconfined'),
      'security_opt[0]',
      `${container}.securityContext.seccompProfile`,
      { type: 'Unconfined' },
    ],
    [
      'unconfined',
      option('apparmor', 'unconfined'),
      'security_opt[0]',
      `${container}.securityContext.appArmorProfile`,
      { type: 'Unconfined' },
    ],
    [
      'unconfined',
      option('label', 'disable'),
      'security_opt[0]',
      `${container}.securityContext.seLinuxOptions`,
      { type: 'spc_t' },
    ],
    [
      'unconfined',
      option('systempaths', 'unconfined'),
      'security_opt[0]',
      `${container}.securityContext.procMount`,
      'Unmasked',
    ],
  ])('%s is refused at its key, and compiled where it is allowed', (permission, given, key, path, value) => {
    expect(errors(given)).toEqual([`NOT_ALLOWED services.web.${key}`])
    const allowed = compileWith(given, { allow: [permission] })
    expect(at(allowed, 'Deployment/shop-web', path)).toEqual(value)
  })

  test('is refused for good where a pod has nothing like it', () => {
    const given = host('uts')
    expect(errors(given, { allow: [...PERMISSIONS] })).toEqual(['NOT_ON_KUBERNETES services.web.uts'])
  })
})

describe('images', () => {
  test.each([
    ['nginx', ['docker.io/library/*'], true],
    ['nginx', ['nginx'], true],
    ['jupyter/base:1', ['docker.io/jupyter/*'], true],
    ['registry.example.org:5000/a/b', ['registry.example.org:5000/*'], true],
    ['registryXexample.org/a', ['registry.example.org/*'], false],
    ['evil/nginx', ['nginx', 'docker.io/library/*'], false],
    ['nginx', [], false],
  ])('%s under %j is allowed: %s', (image, images, isAllowed) => {
    expect(errors({ image }, { images })).toEqual(isAllowed ? [] : ['IMAGE_NOT_ALLOWED services.web.image'])
  })
})

describe('amounts', () => {
  const resources = {
    default: { cpus: 0.5, memoryBytes: null },
    max: { cpus: 2, memoryBytes: 2 ** 30 },
  }
  test('are the default, else the greatest, where the file says none', () => {
    expect(
      at(compileWith({}, { resources }), 'Deployment/shop-web', `${container}.resources.limits`),
    ).toEqual({
      cpu: '500m',
      memory: '1Gi',
    })
  })

  test('are what the file says up to the greatest, and refused above it', () => {
    expect(errors({ resources: limits({ cpus: 2, memoryBytes: 2 ** 30 }) }, { resources })).toEqual([])
    expect(errors({ resources: limits({ cpus: 2.5, memoryBytes: 2 ** 31 }) }, { resources })).toEqual([
      'RESOURCES_NOT_ALLOWED services.web.deploy.resources.limits.cpus',
      'RESOURCES_NOT_ALLOWED services.web.deploy.resources.limits.memory',
    ])
  })
})

test('a kernel setting that is allowed must be so on the nodes too, and is said to', () => {
  const compiled = compileWith({ sysctls: { 'kernel.msgmax': '1' } }, { allow: ['unsafe_sysctls'] })
  expect(compiled.problems).toContainEqual(
    expect.objectContaining({
      code: 'SYSCTL_OF_NODES',
      severity: 'warning',
      path: 'services.web.sysctls.kernel.msgmax',
    }),
  )
})

test("ports are refused on the machine's network, which has them already", () => {
  const namespaces = { ...plain.namespaces, network: { kind: 'host' as const } }
  expect(errors({ namespaces, ports: [port(80)] }, { allow: ['host_network'] })).toEqual([
    'PORTS_OF_HOST services.web.ports',
  ])
})

describe('the level of pod security', () => {
  test('is restricted for a user by number, which is not root', () => {
    const given = { user: user('1000'), security: security({ capAdd: ['NET_BIND_SERVICE'] }) }
    expect(levels(given, ['cap_add'])).toEqual([])
    expect(contextOf(given, { allow: ['cap_add'] })).toEqual({
      runAsUser: 1000,
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] },
      seccompProfile: { type: 'RuntimeDefault' },
    })
  })

  test("is else baseline, with Docker's user and capabilities", () => {
    expect(contextOf({})).toBeUndefined()
  })

  test('is told at the line that keeps the service from it, or at the service', () => {
    expect(levels({})).toEqual(['info services.web'])
    expect(levels({ user: user('0') }, ['root'])).toEqual(['info services.web.user'])
    const given = { user: user('1000'), security: security({ capAdd: ['SYS_TIME'] }) }
    expect(levels(given, ['cap_add'])).toEqual(['info services.web.cap_add'])
    const loose = security({ options: [{ name: 'no-new-privileges', value: 'false' }] })
    expect(levels({ user: user('1000'), security: loose })).toEqual(['info services.web.security_opt'])
  })
})
