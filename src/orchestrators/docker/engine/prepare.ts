// One step of pulling images beforehand: an engine is one node, and nothing but the images themselves stands for it.
import { TychoError } from '../../../problem.ts'
import type { NodeImage } from '../../../system/image-pull.ts'
import type { PreparationInput, Prepared } from '../../orchestrator.ts'
import { toReason } from '../../shared/diagnosis.ts'
import type { EngineClient } from './client.ts'
import { type Images, pullingWords } from './images.ts'

/** Throws UnavailableError without an engine. What could not be pulled is tried again with each step, but what is refused. */
export async function prepare(
  { client, images }: { client: EngineClient; images: Images },
  { id, pulls, check }: PreparationInput,
  signal: AbortSignal,
): Promise<Prepared> {
  const { Name: node = 'engine' } = await client.json<{ Name?: string }>(
    { method: 'GET', path: '/info', what: 'its name' },
    signal,
  )
  await check()
  const states: (NodeImage & { isFinal: boolean })[] = []
  for (const { image, policy, where } of pulls) {
    const platform = typeof where.platform === 'string' ? where.platform : null
    const wanted = { name: image, platform, pull: policy ?? 'missing' }
    states.push(await stateOf(wanted, id, images, signal))
  }
  const told = states.map(({ isFinal: _own, ...state }) => state)
  return { nodes: [{ node, images: told }], isSettled: states.every(({ isFinal }) => isFinal), trouble: null }
}

async function stateOf(
  wanted: Parameters<Images['pullOf']>[0],
  by: string,
  images: Images,
  signal: AbortSignal,
): Promise<NodeImage & { isFinal: boolean }> {
  const image = wanted.name
  try {
    const pull = await images.pullOf(wanted, by, signal)
    if (!pull) return { image, state: 'present', isFinal: true }
    return {
      image,
      state: 'pulling',
      reason: toReason('PULLING', pullingWords(image, pull)),
      isFinal: false,
    }
  } catch (error) {
    if (!(error instanceof TychoError) || error.remedy === 'wait') throw error
    const reason = toReason(error.code, error.message)
    return { image, state: 'failed', reason, isFinal: error.remedy === 'giveUp' }
  }
}
