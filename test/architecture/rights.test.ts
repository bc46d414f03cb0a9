// The rights in kubernetes/ are those that the engine uses.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadAll } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { kinds } from '../../src/orchestrators/kubernetes/cluster/kinds.ts'
import { root } from './source-imports.ts'

type Rule = { apiGroups: string[]; resources: string[]; verbs: string[]; resourceNames?: string[] }

function rulesOf(file: string): Rule[] {
  const documents = loadAll(readFileSync(join(root, 'kubernetes', file), 'utf8')) as { rules?: Rule[] }[]
  return documents.flatMap(({ rules = [] }) => rules)
}

const written = ['get', 'list', 'watch', 'create', 'patch', 'delete']
const derived = ['get', 'list', 'watch', 'delete']

describe('the rights of the worker', () => {
  it('are one rule for each kind that the engine handles, and to read what events explain and what room there is', () => {
    const wanted = kinds.map(({ apiVersion, plural, role }) => ({
      apiGroups: [apiVersion.includes('/') ? apiVersion.split('/')[0] : ''],
      resources: [plural],
      verbs: role === 'derived' ? derived : written,
    }))
    wanted.push({ apiGroups: [''], resources: ['events'], verbs: ['list', 'watch'] })
    wanted.push({ apiGroups: [''], resources: ['pods/log'], verbs: ['get'] })
    wanted.push({ apiGroups: [''], resources: ['resourcequotas'], verbs: ['list'] })
    wanted.push({ apiGroups: [''], resources: ['namespaces'], verbs: ['get'] })
    const given = rulesOf('base/role.yaml')
    expect(given).toHaveLength(wanted.length)
    expect(given).toEqual(expect.arrayContaining(wanted))
  })

  it('to ask whose token a caller shows are the only ones for that, and optional', () => {
    expect(rulesOf('token-review/token-reviews.yaml')).toEqual([
      { apiGroups: ['authentication.k8s.io'], resources: ['tokenreviews'], verbs: ['create'] },
    ])
  })

  it('beyond its namespace are to read, and optional', () => {
    const files = ['cluster-facts/nodes.yaml', 'cluster-facts/dns.yaml', 'capacity/capacity.yaml']
    const rules = files.flatMap(rulesOf)
    expect(rules).toEqual([
      { apiGroups: [''], resources: ['nodes'], verbs: ['list'] },
      { apiGroups: [''], resources: ['services'], resourceNames: ['kube-dns'], verbs: ['get'] },
      { apiGroups: [''], resources: ['nodes'], verbs: ['list'] },
      { apiGroups: [''], resources: ['services'], verbs: ['list'] },
      { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
    ])
  })
})
