// Updates are judged by what they made, on a real cluster: neither the readiness nor the failure of before counts.
import { describe, expect, it } from 'vitest'
import type { Job } from '../../src/jobs/job.ts'
import { createNamespace, MISSING_IMAGE, testCluster } from '../kit/cluster/cluster.ts'
import { startTycho, type Tycho } from '../kit/tycho.ts'

const compose = (image: string) => ({ compose: { services: { web: { image } } } })

async function update(tycho: Tycho, name: string, body: object): Promise<Job> {
  const answer = await tycho.send<Job>('PUT', `/v1/systems/${name}`, body)
  expect(answer.status).toBe(202)
  return tycho.done(answer.body)
}

/** From a running image to one that does not exist and back, round after round. */
async function goToAndFro(tycho: Tycho, name: string): Promise<void> {
  await tycho.done(await tycho.start({ name, ...compose('demo/hello') }))
  for (let round = 1; round <= 4; round += 1) {
    const broken = await update(tycho, name, compose(MISSING_IMAGE))
    expect(broken).toMatchObject({ status: 'failed', error: { code: 'IMAGE_PULL_FAILED' } })
    const mended = await update(tycho, name, compose('demo/hello'))
    expect([mended.status, mended.error]).toEqual(['succeeded', undefined])
  }
}

describe('an update', () => {
  it('is neither ready by the pods of before nor failed by them, however often', async () => {
    await using namespace = await createNamespace('update')
    await using tycho = await startTycho({
      kubeconfig: testCluster().kubeconfig,
      namespace: namespace.name,
      workers: 2,
    })
    await Promise.all(['a', 'b', 'c'].map((name) => goToAndFro(tycho, name)))
  })
})
