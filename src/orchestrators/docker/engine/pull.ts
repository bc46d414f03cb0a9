// One image that is being pulled, for all who wait for it: how far it is, and how it ends.
import { TychoError } from '../../../problem.ts'
import { parseJsonLines } from '../../shared/json-lines.ts'
import { toPlainWords, withoutImage } from '../../shared/plain-words.ts'
import { isRefused } from '../../shared/pull-words.ts'
import type { EngineClient } from './client.ts'
import { toEngineError, wordsOf } from './engine-error.ts'
import { splitReference } from './reference.ts'

export type Pull = {
  /** Settles when the image is there, or can't be had; never rejects unheard. */
  done: Promise<void>
  /** How far it is, in a sentence's end (`12 of 30 MB`); empty before anything is known. */
  progress: () => string
  /** Somebody still wants it. */
  ask: () => void
}

/** Nobody has asked for so long: whoever wanted it was canceled, or has died. */
const unaskedMs = 20_000
/** The registry has sent nothing for so long. */
const silentMs = 120_000

type Line = {
  id?: string
  status?: string
  error?: string
  errorDetail?: { message?: string }
  progressDetail?: { current?: number; total?: number }
}

export function startPull(client: EngineClient, image: string, platform: string | null): Pull {
  const layers = new Map<string, { current: number; total: number }>()
  const stop = new AbortController()
  let askedAt = performance.now()
  let heardAt = performance.now()
  const watch = setInterval(() => {
    const now = performance.now()
    if (now - askedAt > unaskedMs) stop.abort(new DOMException('nobody waits for it', 'AbortError'))
    if (now - heardAt > silentMs) stop.abort(new DOMException('the registry is silent', 'TimeoutError'))
  }, 1_000)
  watch.unref()
  const done = run().finally(() => clearInterval(watch))
  done.catch(() => {})

  async function run(): Promise<void> {
    const { name, tag } = splitReference(image)
    const query = { fromImage: name, tag, ...(platform !== null && { platform }) }
    const request = { method: 'POST', path: '/images/create', query, what: `pull of ${image}` } as const
    try {
      const chunks = await client.stream({ ...request, limitMs: silentMs }, stop.signal)
      for await (const line of parseJsonLines(chunks)) {
        heardAt = performance.now()
        take(line as Line)
      }
    } catch (error) {
      throw toPullError(stop.signal.aborted ? stop.signal.reason : error, image)
    }
  }

  function take({ id, error, errorDetail, progressDetail }: Line): void {
    const said = errorDetail?.message ?? error
    if (said !== undefined) throw pullError(image, said)
    const { current = 0, total = 0 } = progressDetail ?? {}
    if (id !== undefined && total > 0) layers.set(id, { current: Math.min(current, total), total })
  }

  return {
    done,
    progress() {
      const all = [...layers.values()]
      const sum = (of: 'current' | 'total') => all.reduce((total, layer) => total + layer[of], 0)
      const megabytes = (bytes: number) => Math.round(bytes / 1_000_000)
      return sum('total') > 0 ? `${megabytes(sum('current'))} of ${megabytes(sum('total'))} MB` : ''
    },
    ask() {
      askedAt = performance.now()
    },
  }
}

function toPullError(error: unknown, image: string): TychoError {
  if (!(error instanceof TychoError)) {
    const isOurs = error instanceof DOMException
    return isOurs ? pullError(image, error.message) : toEngineError(error, 'its address', `pull of ${image}`)
  }
  const { statusCode } = error.details
  return typeof statusCode === 'number' && error.code !== 'NO_SPACE'
    ? pullError(image, wordsOf(error))
    : error
}

/** In the registry's own words. What is refused will be refused again; else the way there may be better next time. */
export function pullError(image: string, said: string): TychoError {
  if (/no space left on device/i.test(said)) {
    const message = `The Docker engine has no space left for the image ${image}: ${said}`
    return new TychoError('NO_SPACE', message, { status: 507, remedy: 'retry' })
  }
  const words = withoutImage(toPlainWords(said), image)
  if (/invalid reference format/i.test(said)) {
    const message = `${image} can't be the name of an image: ${words}`
    return new TychoError('IMAGE_NAME_INVALID', message, { status: 422 })
  }
  const message = `The image ${image} can't be pulled: ${words}`
  if (isRefused(said)) return new TychoError('IMAGE_PULL_FAILED', message, { status: 422 })
  return new TychoError('REGISTRY_UNAVAILABLE', message, { status: 503, remedy: 'retry' })
}
