// What a system counts on in its namespace.
import { describe, expect, test } from 'vitest'
import { parseCompose } from '../../src/compose/parse.ts'
import { compile } from '../../src/orchestrators/kubernetes/compile/compile.ts'
import { assumedFacts } from '../../src/orchestrators/kubernetes/facts.ts'
import type { Assumption } from '../../src/orchestrators/orchestrator.ts'
import { identity } from './specs.ts'

const withoutDns = { ...assumedFacts, dns: null }

function assumedBy(compose: object, facts = assumedFacts): Assumption[] {
  const { spec, problems } = parseCompose({ compose, env: {}, files: {} })
  if (!spec) throw new Error(problems.map(({ message }) => message).join(' '))
  const { stages } = compile({ identity, spec, exposure: 'nodePort' }, facts)
  return stages.flatMap(({ assumes = [] }) => assumes)
}

const linesOf = (assumptions: Assumption[]) =>
  assumptions.map(
    ({ object: { kind, name, key }, is, problem }) =>
      `${is} ${kind}/${name}${key ? `#${key}` : ''} ${problem.path}`,
  )

const web = { image: 'nginx' }

test('is nothing for a file that makes all that it uses', () => {
  const compose = { services: { web: { ...web, volumes: ['data:/data'] }, db: web }, volumes: { data: {} } }
  expect(assumedBy(compose)).toEqual([])
})

describe('what a file calls external', () => {
  test('is there, with the key that it is read by', () => {
    const compose = {
      services: {
        web: { ...web, secrets: ['cert'], configs: ['site'], volumes: ['data:/data', 'pvc://home:/home'] },
        db: { ...web, volumes: ['data:/data', 'pvc://home:/home'] },
      },
      secrets: { cert: { external: true, name: 'tls' } },
      configs: { site: { external: true } },
      volumes: { data: { external: true, name: 'shared' } },
    }
    expect(linesOf(assumedBy(compose))).toEqual([
      'present ConfigMap/site#site configs.site',
      'present Secret/tls#cert secrets.cert',
      'present PersistentVolumeClaim/shared volumes.data',
      'present PersistentVolumeClaim/home services.web.volumes',
    ])
    expect(assumedBy(compose).map(({ problem }) => problem.code)).toEqual(Array(4).fill('EXTERNAL_NOT_FOUND'))
  })
})

describe('where the address of the DNS is unknown', () => {
  test('nobody else in the namespace answers to the name of a service', () => {
    const compose = { services: { web, my_db: web } }
    expect(linesOf(assumedBy(compose, withoutDns))).toEqual([
      'absent Service/web services.web',
      'absent Service/my-db services.my_db',
    ])
  })

  test('a system of one service has no name to lose', () => {
    expect(assumedBy({ services: { web } }, withoutDns)).toEqual([])
  })
})
