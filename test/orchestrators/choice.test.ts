// Which orchestrator a process takes.
import { expect, it } from 'vitest'
import { type Choosing, chooseOrchestrator } from '../../src/choose-orchestrator.ts'
import type { OrchestratorKind } from '../../src/system/orchestrator-kind.ts'

/** What is decided where these answer, and who was asked. */
async function choose(answering: OrchestratorKind[], given: Partial<Choosing> = {}) {
  const asked: OrchestratorKind[] = []
  const answers = async (kind: OrchestratorKind) => {
    asked.push(kind)
    return answering.includes(kind)
  }
  const choice = await chooseOrchestrator({ wanted: null, inUse: null, answers, ...given })
  return { ...choice, asked }
}

it('takes a cluster that answers, and asks nobody else', async () => {
  expect(await choose(['kubernetes', 'docker'])).toEqual({
    kind: 'kubernetes',
    because: 'answer',
    asked: ['kubernetes'],
  })
})

it('takes a Docker engine where no cluster answers', async () => {
  expect(await choose(['docker', 'swarm'])).toMatchObject({ kind: 'docker', because: 'answer' })
})

it('waits for a cluster where nothing answers, and never takes a swarm by itself', async () => {
  expect(await choose(['swarm'])).toMatchObject({ kind: 'kubernetes', because: 'nothing' })
})

it('does what the setting says, whatever answers and whatever is in use', async () => {
  expect(await choose(['kubernetes'], { wanted: 'swarm', inUse: 'docker' })).toEqual({
    kind: 'swarm',
    because: 'setting',
    asked: [],
  })
})

it('stays where systems run already, also when a cluster has come meanwhile', async () => {
  expect(await choose(['kubernetes', 'docker'], { inUse: 'docker' })).toEqual({
    kind: 'docker',
    because: 'use',
    asked: [],
  })
})
