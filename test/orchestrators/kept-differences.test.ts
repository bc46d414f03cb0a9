// What a claim that exists is compared by.
import { describe, expect, it } from 'vitest'
import { toDesired } from '../../src/orchestrators/kubernetes/cluster/desired.ts'
import { growthOf, keptDifferences } from '../../src/orchestrators/kubernetes/cluster/kept-differences.ts'

type Claim = { size: string; storageClass?: string; modes?: string[] }

function spec({ size, storageClass, modes = ['ReadWriteOnce'] }: Claim) {
  return {
    accessModes: modes,
    resources: { requests: { storage: size } },
    ...(storageClass !== undefined && { storageClassName: storageClass }),
  }
}

const identity = { tenant: 'class', namespace: 'default', name: 'shop', sid: 's' }

function desired(claim: Claim, assumed: string[] = []) {
  const metadata = { name: 'shop-data' }
  const body = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec: spec(claim) }
  const subject = 'PersistentVolumeClaim/shop-data'
  return toDesired({ subject, path: 'volumes.data', body, assumed }, identity, 'job', undefined)
}

function live(claim: Claim) {
  return { metadata: { name: 'shop-data', uid: 'u', resourceVersion: '1' }, spec: spec(claim) }
}

const remarks = (wanted: Claim, has: Claim, assumed?: string[]) =>
  keptDifferences(desired(wanted, assumed), live(has)).map(({ message }) => message.split(':')[0])

describe('a claim that exists', () => {
  it.each([
    ['1Gi', '2Gi', '2Gi'],
    ['1Gi', '1G', null],
    ['1Gi', '1Gi', null],
    ['2Gi', '1.5Gi', null],
    ['1000', '1k', null],
    ['900Mi', '1e9', '1e9'],
  ])('of %s that is wanted with %s grows to %s', (has, wanted, growth) => {
    expect(growthOf(desired({ size: wanted }), live({ size: has }))).toBe(growth)
  })

  it('keeps its size and class where the file says none', () => {
    const assumed = ['spec.resources.requests.storage', 'spec.storageClassName']
    const wanted = { size: '5Gi', storageClass: 'fast' }
    expect(growthOf(desired(wanted, assumed), live({ size: '1Gi', storageClass: 'slow' }))).toBeNull()
    expect(remarks({ ...wanted, size: '1Mi' }, { size: '1Gi', storageClass: 'slow' }, assumed)).toEqual([])
  })

  it('is said to stay as it is where it can not become what is asked for', () => {
    expect(remarks({ size: '1Gi' }, { size: '2Gi' })).toEqual([
      "The claim `shop-data` has 2Gi and can't become smaller",
    ])
    expect(remarks({ size: '1Gi', storageClass: 'fast' }, { size: '1Gi', storageClass: 'slow' })).toEqual([
      "The claim `shop-data` is of the storage class `slow`, which can't be changed",
    ])
    expect(remarks({ size: '1Gi', modes: ['ReadWriteMany'] }, { size: '1Gi' })).toEqual([
      "The claim `shop-data` has the access mode ReadWriteOnce and not ReadWriteMany, which can't be changed",
    ])
  })

  it('is no different when it can do more', () => {
    expect(
      remarks({ size: '1Gi' }, { size: '1Gi', storageClass: 'standard', modes: ['ReadWriteMany'] }),
    ).toEqual([])
  })
})
