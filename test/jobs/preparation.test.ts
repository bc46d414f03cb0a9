// How a preparation goes on: each change is of the record alone.
import { describe, expect, it } from 'vitest'
import {
  acceptPreparation,
  begun,
  canceled,
  ended,
  expired,
  heldUp,
  MAX_NODES,
  type PreparationRecord,
  seen,
  statusOf,
} from '../../src/jobs/preparation.ts'
import type { NodeImages, PullState } from '../../src/system/image-pull.ts'
import { must } from '../kit/work.ts'

const at = 1_000_000

function accepted(): PreparationRecord {
  const pulls = [{ image: 'demo/a', policy: null, where: {} }]
  const asked = { id: 'p1', tenant: 'alice', namespace: 'labs', pulls, secretValues: [], timeoutMs: 60_000 }
  return acceptPreparation({ ...asked, idempotencyKey: null, trace: null }, at)
}

const running = () => must(begun(accepted(), at + 1))

const node = (name: string, state: PullState, message?: string): NodeImages => ({
  node: name,
  images: [{ image: 'demo/a', state, ...(message && { reason: { code: 'IMAGE_PULL_FAILED', message } }) }],
})

const look = (nodes: NodeImages[], isSettled: boolean) => ({ nodes, isSettled, trouble: null })

describe('a preparation', () => {
  it('is queued, runs, and has succeeded only when nothing of it stands any more', () => {
    expect(statusOf(accepted())).toBe('queued')
    expect(statusOf(running())).toBe('running')
    const settled = must(seen(running(), look([node('n1', 'present')], true)))
    expect(statusOf(settled)).toBe('running')
    const over = must(ended(settled, at + 5))
    expect([statusOf(over), over.finishedAt, over.ending?.error]).toEqual(['succeeded', at + 5, null])
  })

  it('fails with what a node says first, once all nodes are through', () => {
    const nodes = [node('n1', 'present'), node('n2', 'failed', 'manifest unknown')]
    expect(seen(running(), look(nodes, false))?.ending).toBeNull()
    expect(seen(running(), look(nodes, true))?.ending).toMatchObject({
      status: 'failed',
      error: {
        code: 'IMAGES_NOT_PREPARED',
        message: '1 of 2 images are on the nodes (2 nodes); n2: manifest unknown',
        retryable: true,
      },
    })
  })

  it('fails with the trouble of the whole, also where each node that there is has everything', () => {
    const trouble = { code: 'NO_NODES', message: 'No node takes it' }
    const after = seen(running(), { nodes: [node('n1', 'present')], isSettled: true, trouble })
    expect(after?.ending).toMatchObject({ status: 'failed', error: trouble })
  })

  it('ends at its deadline with how far it is and why', () => {
    const waiting = must(heldUp(running(), 'CLUSTER_UNREACHABLE', 'the cluster does not answer'))
    expect(expired(waiting, at + 59_999)).toBeNull()
    expect(expired(waiting, at + 60_000)?.ending?.error).toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      message: 'Not done after 60 s (the cluster does not answer)',
    })
  })

  it('that has made nothing is canceled at once; another when what it made is gone', () => {
    expect(must(canceled(accepted(), at + 2))).toMatchObject({
      finishedAt: at + 2,
      ending: { status: 'canceled' },
    })
    const asked = must(canceled(running(), at + 2))
    expect(asked.finishedAt).toBeNull()
    expect(statusOf(must(ended(asked, at + 3)))).toBe('canceled')
  })

  it('has one end: what was decided first stays', () => {
    const settled = must(seen(running(), look([node('n1', 'present')], true)))
    expect(canceled(settled, at + 2)).toBeNull()
    expect(expired(settled, at + 99_999)).toBeNull()
    expect(seen(settled, look([node('n1', 'failed')], true))).toBeNull()
    const over = must(ended(settled, at + 3))
    expect([ended(over, at + 4), begun(over, at + 4), heldUp(over, 'A', 'a')]).toEqual([null, null, null])
  })

  it('is not written anew for what was seen before', () => {
    const once = must(seen(running(), look([node('n1', 'pulling')], false)))
    expect(seen(once, look([node('n1', 'pulling')], false))).toBeNull()
  })

  it('keeps of very many nodes those that are not done, and counts all', () => {
    const done = Array.from({ length: MAX_NODES + 10 }, (_, index) => node(`n${index}`, 'present'))
    const after = must(seen(running(), look([...done, node('last', 'failed', 'denied')], true)))
    expect(after.nodes).toHaveLength(MAX_NODES)
    expect(after.nodes[0]?.node).toBe('last')
    expect(after.counts).toEqual({
      nodes: MAX_NODES + 11,
      present: MAX_NODES + 10,
      failed: 1,
      pulling: 0,
      unknown: 0,
    })
  })
})
