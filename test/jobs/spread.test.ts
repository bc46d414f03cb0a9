// Where the members of a batch run.
import { describe, expect, it } from 'vitest'
import { type SpreadMember, spreadEvenly, spreadOut } from '../../src/jobs/spread.ts'
import type { Amounts } from '../../src/system/needs.ts'
import { bound } from '../kit/capacity.ts'

const one: Amounts = { Deployment: 1, Service: 1, pods: 1, cpuRequests: 0.1 }

const members = (count: number, needs: Amounts = one): SpreadMember[] =>
  Array.from({ length: count }, (_, index) => ({ index, needs, home: null }))

describe('the members of a batch', () => {
  it('fill one namespace after the other, each up to the least of its bounds', () => {
    const rooms = [
      { namespace: 'a', bounds: [bound('Deployment', 10, 4), bound('Service', 100)] },
      { namespace: 'b', bounds: [bound('Deployment', 10), bound('cpuRequests', 0.3)] },
      { namespace: 'c', bounds: [bound('Job', 0)] },
    ]
    const { places, shares, left } = spreadOut(members(12), rooms)
    expect(places).toEqual([
      { from: 0, namespace: 'a' },
      { from: 6, namespace: 'b' },
      { from: 9, namespace: 'c' },
    ])
    expect(shares.map(({ namespace, members }) => [namespace, members])).toEqual([
      ['a', 6],
      ['b', 3],
      ['c', 3],
    ])
    expect(left).toBe(0)
    expect(shares[0]?.bounds).toEqual([
      { of: 'Deployment', limit: 10, used: 4, quota: null, needed: 6 },
      { of: 'Service', limit: 100, used: 0, quota: null, needed: 6 },
    ])
  })

  it('have no place where there is no room; what is full already takes none', () => {
    const rooms = [
      { namespace: 'a', bounds: [bound('pods', 5, 7)] },
      { namespace: 'b', bounds: [bound('pods', 5, 3)] },
    ]
    const { places, shares, left } = spreadOut(members(3), rooms)
    expect({ places, left }).toEqual({ places: [{ from: 0, namespace: 'b' }], left: 1 })
    expect(shares).toHaveLength(1)
    expect(spreadOut(members(3), [])).toEqual({ places: [], shares: [], left: 3 })
  })

  it('that need different things are each counted with their own', () => {
    const big = { ...one, pods: 4 }
    const mixed = [...members(2), { index: 2, needs: big, home: null }, { index: 3, needs: one, home: null }]
    const rooms = ['a', 'b'].map((namespace) => ({ namespace, bounds: [bound('pods', 5)] }))
    expect(spreadOut(mixed, rooms).places).toEqual([
      { from: 0, namespace: 'a' },
      { from: 2, namespace: 'b' },
    ])
  })

  it('are where their volumes are', () => {
    const some = members(4).map((member) => ({ ...member, home: member.index === 1 ? 'b' : null }))
    const rooms = ['a', 'b'].map((namespace) => ({ namespace, bounds: [bound('pods', 5)] }))
    expect(spreadOut(some, rooms).places).toEqual([
      { from: 0, namespace: 'a' },
      { from: 1, namespace: 'b' },
      { from: 2, namespace: 'a' },
    ])
  })

  it('have no place where the namespace of their volumes is full, and any where it is gone', () => {
    const at = (home: string) => [{ index: 0, needs: one, home }]
    const rooms = [
      { namespace: 'a', bounds: [bound('pods', 5)] },
      { namespace: 'b', bounds: [bound('pods', 5, 5)] },
    ]
    expect(spreadOut(at('b'), rooms)).toMatchObject({ places: [], left: 1 })
    expect(spreadOut(at('gone'), rooms).places).toEqual([{ from: 0, namespace: 'a' }])
  })

  it('are spread evenly where it is not known how much room there is', () => {
    const { places, shares } = spreadEvenly(members(7), ['a', 'b', 'c'])
    expect(places).toEqual([
      { from: 0, namespace: 'a' },
      { from: 3, namespace: 'b' },
      { from: 6, namespace: 'c' },
    ])
    expect(shares.map((share) => share.members)).toEqual([3, 3, 1])
    expect(spreadEvenly(members(7), ['a']).places).toEqual([{ from: 0, namespace: 'a' }])
  })
})
