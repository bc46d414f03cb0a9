// Who reaches whom, by the policies that a system compiles to and the one of its namespace.
import { describe, expect, test } from 'vitest'
import { parseCompose } from '../../src/compose/parse.ts'
import { compile } from '../../src/orchestrators/kubernetes/compile/compile.ts'
import { createEgressGuard } from '../../src/orchestrators/kubernetes/compile/egress-guard.ts'
import { assumedFacts } from '../../src/orchestrators/kubernetes/facts.ts'
import type { CompileInput } from '../../src/orchestrators/orchestrator.ts'
import { DEFAULT_POLICY, METADATA_ADDRESSES } from '../../src/system/policy.ts'
import type { SystemSpec } from '../../src/system/spec.ts'
import { readSample } from './golden.ts'
import { canReach, type End } from './reach.ts'
import { identity } from './specs.ts'

const guard = createEgressGuard(METADATA_ADDRESSES).toBody(assumedFacts) ?? {}
const outside: End = { address: '203.0.113.9' }
const metadata: End = { address: '169.254.169.254' }
const stranger: End = { labels: { app: 'stranger' } }

function specOf(compose: object): SystemSpec {
  const { spec, problems } = parseCompose({ compose, env: {}, files: {} })
  if (!spec) throw new Error(problems.map(({ message }) => message).join(' '))
  return spec
}

/** Asks of ends by the names of services, or of other ends; TCP. */
function reachIn(spec: SystemSpec, given: Partial<CompileInput> = {}) {
  const { stages } = compile({ identity, spec, exposure: 'nodePort', ...given })
  const bodies = stages.flatMap(({ manifests }) => manifests.map(({ body }) => Object(body)))
  const policies = [guard, ...bodies.filter(({ kind }) => kind === 'NetworkPolicy')]
  const endOf = (end: string | End): End => {
    if (typeof end !== 'string') return end
    const template = bodies.find((one) => one.spec.template?.metadata.labels['tycho.io/service'] === end)
    if (!template) throw new Error(`no pods of ${end}`)
    return { labels: template.spec.template.metadata.labels }
  }
  return (from: string | End, to: string | End, port = 80, protocol = 'TCP') =>
    canReach(policies, endOf(from), endOf(to), { port, protocol })
}

const sample = await readSample('two-networks')

describe('the sample of two networks', () => {
  const reach = reachIn(sample)

  test('joins those that share a network, and keeps the others apart', () => {
    expect([reach('page', 'app'), reach('app', 'page')]).toEqual([true, true])
    expect([reach('app', 'db', 6379), reach('db', 'app')]).toEqual([true, true])
    expect([reach('page', 'db', 6379), reach('db', 'page', 9999)]).toEqual([false, false])
  })

  test('lets everybody in to what is published, and to nothing else', () => {
    expect(reach(outside, 'page', sample.services.page?.ports[0]?.target)).toBe(true)
    expect([reach(outside, 'page', 9999), reach(outside, 'app'), reach(stranger, 'db', 6379)]).toEqual([
      false,
      false,
      false,
    ])
  })

  test('leads out, but where a service is on internal networks only', () => {
    expect(reach('page', outside, 443)).toBe(true)
    expect([reach('db', outside, 443), reach('db', { address: '10.96.0.10' }, 53, 'UDP')]).toEqual([
      false,
      true,
    ])
  })
})

describe('network_mode none', () => {
  const compose = { services: { web: { image: 'nginx', network_mode: 'none' }, db: { image: 'redis' } } }

  test('is reached by nobody, and reaches nobody', () => {
    const reach = reachIn(specOf(compose))
    for (const other of ['db', outside, stranger, metadata])
      expect([reach(other, 'web'), reach('web', other)]).toEqual([false, false])
  })
})

describe('clients', () => {
  test('alone reach the published port, and services of the system all', () => {
    const services = { web: { image: 'nginx', ports: ['80'] }, db: { image: 'redis' } }
    const reach = reachIn(specOf({ services }), { settings: { web: { clients: ['192.0.2.0/24'] } } })
    expect(reach({ address: '192.0.2.7' }, 'web')).toBe(true)
    expect(reach({ address: '192.0.2.7' }, 'web', 81)).toBe(false)
    expect(reach(outside, 'web')).toBe(false)
    expect(reach('db', 'web', 81)).toBe(true)
    expect(reach(outside, 'db')).toBe(true)
  })
})

describe('a tenant that isolates', () => {
  test('keeps strangers of the namespace out, but for what is published', () => {
    const services = { web: { image: 'nginx', ports: ['80'] }, db: { image: 'redis' } }
    const reach = reachIn(specOf({ services }), { policy: { ...DEFAULT_POLICY, isolate: true } })
    expect([reach('web', 'db'), reach(stranger, 'db'), reach(stranger, 'web')]).toEqual([true, false, true])
  })
})

describe('the metadata addresses', () => {
  const reach = reachIn(specOf({ services: { web: { image: 'nginx' }, db: { image: 'redis' } } }))

  test('are closed to the pods of every system, and nothing else is', () => {
    for (const address of ['169.254.169.254', '169.254.170.2', 'fd00:ec2::254'])
      expect([address, reach('web', { address })]).toEqual([address, false])
    for (const address of ['169.254.169.253', '203.0.113.9', '2001:db8::1'])
      expect([address, reach('web', { address })]).toEqual([address, true])
  })

  test('are none of the business of other pods', () => {
    expect(reach(stranger, metadata)).toBe(true)
  })

  test('stay open where the DNS of the cluster answers', () => {
    const exceptionsOf = (closed: readonly string[], address: string) => {
      const body = createEgressGuard(closed).toBody({ dns: { address, domain: 'cluster.local' } })
      return body?.spec.egress[0]?.to.flatMap((peer) =>
        'ipBlock' in peer ? (peer.ipBlock.except ?? []) : [],
      )
    }
    expect(exceptionsOf(METADATA_ADDRESSES, '169.254.169.254')).toEqual([
      '169.254.170.2/32',
      'fd00:ec2::254/128',
    ])
    expect(exceptionsOf(['169.254.0.0/16'], '10.96.0.10')).toEqual(['169.254.0.0/16'])
    expect(exceptionsOf(['fd00:ec2::/32'], 'fd00:ec2::a')).toBeUndefined()
  })
})
