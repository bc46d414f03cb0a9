// What the policy file says of tenants themselves.
import { describe, expect, test } from 'vitest'
import { NO_LIMITS } from '../../src/system/access.ts'
import { parsePolicies } from '../../src/tenants/policy.ts'
import { NO_TENANCY } from '../../src/tenants/tenancy.ts'

const parse = (text: string) => parsePolicies(text, 'policy.yml').tenancy

describe('a tenant', () => {
  test('has the namespace and the limits of its rule, else those of default, one by one', () => {
    const tenancy = parse(`
default: {namespace: shared, limits: {systems: 3, pendingJobs: 5}}
tenants:
  class: {namespace: course, limits: {systems: 300, requestsPerMinute: 60}}
  free: {limits: {systems: null}}
`)
    expect(tenancy.of('class')).toEqual({
      namespaces: ['course'],
      whenNodePortsRunOut: 'refuse',
      limits: { systems: 300, pendingJobs: 5, requestsPerMinute: 60 },
    })
    expect(tenancy.of('free')).toEqual({
      namespaces: ['shared'],
      whenNodePortsRunOut: 'refuse',
      limits: { systems: null, pendingJobs: 5, requestsPerMinute: null },
    })
    expect(tenancy.of('other').limits).toEqual({ systems: 3, pendingJobs: 5, requestsPerMinute: null })
    expect(tenancy.namespaces.toSorted()).toEqual(['course', 'shared'])
  })

  test('of whom nothing is said has no namespace of its own and no limits', () => {
    for (const tenancy of [parse(''), NO_TENANCY]) {
      expect(tenancy.of('anybody')).toEqual({
        namespaces: null,
        whenNodePortsRunOut: 'refuse',
        limits: NO_LIMITS,
      })
      expect(tenancy.namespaces).toEqual([])
      expect(tenancy.hasAccounts).toBe(false)
    }
  })
})

test('a tenant may have several namespaces, and a rule for when node ports run out', () => {
  const tenancy = parse(`
default: {namespaces: [shared, shared-2], whenNodePortsRunOut: ingress}
tenants: {class: {namespace: course}, many: {namespaces: [a, b], whenNodePortsRunOut: refuse}}
`)
  expect(tenancy.of('other')).toMatchObject({
    namespaces: ['shared', 'shared-2'],
    whenNodePortsRunOut: 'ingress',
  })
  expect(tenancy.of('class')).toMatchObject({ namespaces: ['course'], whenNodePortsRunOut: 'ingress' })
  expect(tenancy.of('many')).toMatchObject({ namespaces: ['a', 'b'], whenNodePortsRunOut: 'refuse' })
  expect(tenancy.namespaces.toSorted()).toEqual(['a', 'b', 'course', 'shared', 'shared-2'])
})

test('an account speaks for its tenant; one that is named itself goes before its namespace', () => {
  const tenancy = parse(`
accounts:
  - {account: portal/*, tenant: portal, scopes: [read]}
  - {account: portal/frontend, tenant: class, scopes: [read, write]}
`)
  expect(tenancy.accountOf('portal', 'frontend')).toMatchObject({ tenant: 'class' })
  expect(tenancy.accountOf('portal', 'other')).toMatchObject({ tenant: 'portal' })
  expect(tenancy.accountOf('else', 'frontend')).toBeUndefined()
})

test('what is wrong is told by its place', () => {
  for (const [text, place] of [
    ['tenants: {Class: {}}', /tenants/],
    ['tenants: {a: {namespace: A_B}}', /tenants\.a\.namespace/],
    ['tenants: {a: {namespaces: []}}', /tenants\.a\.namespaces/],
    ['tenants: {a: {namespaces: [b, b]}}', /tenants\.a\.namespaces/],
    ['tenants: {a: {namespace: b, namespaces: [c]}}', /tenants\.a must have either namespace or namespaces/],
    ['default: {whenNodePortsRunOut: pray}', /default\.whenNodePortsRunOut must be one of refuse, ingress/],
    ['default: {limits: {systems: -1}}', /default\.limits\.systems/],
    ['default: {limits: {requestsPerMinute: 0}}', /default\.limits\.requestsPerMinute/],
    ['default: {limits: {pods: 1}}', /default\.limits has no key pods/],
    ['accounts: [{account: frontend, tenant: a, scopes: [read]}]', /accounts\[0\]\.account/],
    ['accounts: [{account: a/b, tenant: a, scopes: [all]}]', /accounts\[0\]\.scopes\[0\]/],
    ['accounts: [{account: a/b, tenant: a, scopes: []}]', /accounts\[0\]\.scopes/],
  ] as const)
    expect(() => parse(text)).toThrow(place)
})
