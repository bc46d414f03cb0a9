// Compose files that were read lately: who starts the same file a hundred times has it read, masked and written once.
// That takes most of a start's time, and depends on nothing but the request.
import { maskRequest, type SentRequest } from '../compose/mask/mask-request.ts'
import type { Positions, Problem } from '../problem.ts'
import { type Content, toContent } from '../store/contents.ts'
import type { SystemSpec } from '../system/spec.ts'
import { jsonText } from './json-text.ts'

/** What a request's files say. It is shared by the requests that sent them: nobody changes anything in it. */
export type Reading = {
  spec: SystemSpec
  positions: Positions
  problems: readonly Problem[]
  /** The spec with its positions, as it is stored. */
  content: Content
  /** The request as it may be shown. */
  source: Content
}

/** `dependsOnName`: under another name of the system the files may say something else. */
export type Read = { spec: SystemSpec; positions: Positions; problems: Problem[]; dependsOnName: boolean }

export type Readings = ReturnType<typeof createReadings>

const keptBytes = 16 * 1024 * 1024
/** A longer request is read each time: few would fit, and nobody sends them by the hundred. */
const longestRequest = 64 * 1024
/** Objects take more than their text: measured on specs with their positions. */
const bytesPerCharacter = 6
const bytesPerCharacterOfKey = 2

export function createReadings() {
  /** In the order of their last use. */
  const kept = new Map<string, Reading>()
  let bytes = 0

  const keep = (key: string, reading: Reading) => {
    kept.set(key, reading)
    bytes += sizeOf(key, reading)
    for (const [oldest, one] of kept) {
      if (bytes <= keptBytes) return
      kept.delete(oldest)
      bytes -= sizeOf(oldest, one)
    }
  }

  /** What `read` answers of the request; `scope`: what else it depends on. Throws what `read` throws, which is not kept. */
  const of = (scope: readonly unknown[], sent: SentRequest, read: () => Read): Reading => {
    const key = keyOf(scope, sent)
    const known = key === null ? undefined : kept.get(key)
    if (key !== null && known) {
      kept.delete(key)
      kept.set(key, known)
      return known
    }
    const found = read()
    const reading = toReading(sent, found)
    if (key !== null && !found.dependsOnName) keep(key, reading)
    return reading
  }
  return { of, bytes: () => bytes }
}

function toReading(sent: SentRequest, { spec, positions, problems }: Read): Reading {
  return {
    spec,
    positions,
    problems,
    content: toContent({ spec, positions }),
    source: toContent(maskRequest(sent, spec)),
  }
}

function sizeOf(key: string, { content, source }: Reading): number {
  return bytesPerCharacterOfKey * key.length + bytesPerCharacter * (content.text.length + source.text.length)
}

function keyOf(scope: readonly unknown[], { compose, env, files, profiles }: SentRequest): string | null {
  const text = jsonText([scope, compose, env, files, profiles])
  return text === null || text.length > longestRequest ? null : text
}
