import { describe, expect, test } from 'vitest'
import { emptyService, emptySystem } from '../../src/system/empty.ts'
import { dependenciesOf, findCycles, inDependencyOrder, toLevels } from '../../src/system/graph.ts'
import type { ServiceSpec, SystemSpec } from '../../src/system/spec.ts'

/** `{ web: 'db cache' }`: web depends on db and cache. */
function specOf(graph: Record<string, string>): SystemSpec {
  const services = Object.entries(graph).map(([name, needs]): [string, ServiceSpec] => {
    const names = needs.split(' ').filter((need) => need !== '')
    const dependency = { condition: 'started', required: true, restart: false } as const
    return [
      name,
      { ...emptyService('nginx'), dependsOn: Object.fromEntries(names.map((need) => [need, dependency])) },
    ]
  })
  return { ...emptySystem(), services: Object.fromEntries(services) }
}

function cyclesOf(graph: Record<string, string>): string[][] {
  return findCycles(dependenciesOf(specOf(graph)))
}

describe('levels', () => {
  test('hold services after what they depend on, in the order of the file', () => {
    expect(toLevels(specOf({ web: 'api cache', cache: '', api: 'db', db: '', log: '' }))).toEqual([
      ['cache', 'db', 'log'],
      ['api'],
      ['web'],
    ])
  })

  test('pass over what is no service', () => expect(toLevels(specOf({ web: 'gone' }))).toEqual([['web']]))

  test('of nothing are none', () => expect(toLevels(specOf({}))).toEqual([]))

  test('do not exist for a cycle', () => expect(() => toLevels(specOf({ a: 'b', b: 'a' }))).toThrow('a, b'))

  test('are visited in order', () => {
    const visited: string[] = []
    inDependencyOrder(specOf({ web: 'db', db: '' }), (name) => visited.push(name))
    expect(visited).toEqual(['db', 'web'])
  })

  test('of a long chain take time with its length', () => {
    const graph = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, index) => [`s${index}`, `s${index + 1}`]),
    )
    expect(toLevels(specOf({ ...graph, s10000: '' }))).toHaveLength(10_001)
  })
})

describe('cycles', () => {
  test.each([
    [{ a: '', b: 'a' }, []],
    [{ a: 'a' }, [['a']]],
    [{ a: 'b', b: 'c', c: 'a' }, [['a', 'b', 'c']]],
    [{ x: 'a', a: 'b', b: 'a' }, [['a', 'b']]],
    [
      { a: 'b', b: 'a', c: 'd', d: 'c' },
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [{ a: 'z b', b: 'a', z: '' }, [['a', 'b']]],
  ])('%j has %j', (graph, cycles) => expect(cyclesOf(graph as Record<string, string>)).toEqual(cycles))

  test('beside a way that leads nowhere are found', () => {
    expect(cyclesOf({ a: 'b c', b: 'd', d: 'e', e: 'd', c: 'a' })).not.toEqual([])
  })
})
