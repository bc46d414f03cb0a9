// Images of a stage: there already, pulled for whoever needs them, or built. A pull outlives the task that asked for it,
// which makes room for others and comes again; it ends when nobody asks any more.
import { setTimeout as delay } from 'node:timers/promises'
import { TychoError, UnavailableError } from '../../../problem.ts'
import { LABEL } from '../labels.ts'
import type { ImageObject } from '../objects.ts'
import { type BuiltImage, startBuild } from './build.ts'
import type { EngineClient } from './client.ts'
import type { LiveImage } from './live.ts'
import { type Pull, startPull } from './pull.ts'
import { type Action, hashOf, type Wanted, type WriteScope } from './scope.ts'

export type ReadyImage = { id: string; action: Action }

export type Images = {
  /**
   * Throws UnavailableError `PULLING` (remedy `wait`) where it takes longer; `patienceMs` left out: a second or two.
   */
  make: (wanted: Wanted<ImageObject>, services: readonly string[], scope: WriteScope) => Promise<ReadyImage>
  /** The pull that is under way, or a new one; null: the image is there. */
  pullOf: (
    image: Pick<ImageObject, 'name' | 'platform' | 'pull'>,
    by: string,
    signal: AbortSignal,
  ) => Promise<Pull | null>
}

const patienceMs = 2_000
/** Longer than who waits stays away. */
const failureMs = 8_000
/** So long an image that is always pulled counts as pulled for whoever asked for it: it asks again until all is there. */
const rememberedMs = 10 * 60_000

export function createImages(
  client: EngineClient,
  read: (name: string, signal: AbortSignal) => Promise<LiveImage | undefined>,
): Images {
  const pulls = new Map<string, Pull>()
  const builds = new Map<string, Pull>()
  /** Of images that are always pulled: for whom, and until when that is remembered. */
  const pulledFor = new Map<string, number>()

  function pull(name: string, platform: string | null): Pull {
    return shared(pulls, `${platform}|${name}`, () => startPull(client, name, platform))
  }

  /** Null: the image is there, and was built from the same. */
  async function buildOf(image: BuiltImage, signal: AbortSignal): Promise<Pull | null> {
    const live = await read(image.name, signal)
    const hash = hashOf(image)
    if (live?.Config?.Labels?.[LABEL.hash] === hash) return null
    return shared(builds, `${image.name}|${hash}`, () => startBuild(client, image))
  }

  const images: Images = {
    async pullOf({ name, platform, pull: policy }, by, signal) {
      forgetOld(pulledFor)
      const live = await read(name, signal)
      const isThere = live !== undefined && isOfPlatform(live, platform)
      const mark = `${by}|${platform}|${name}`
      if (policy === 'never' || (isThere && (policy === 'missing' || pulledFor.has(mark)))) {
        if (isThere) return null
        throw neverPulled(name)
      }
      const started = pull(name, platform)
      if (policy === 'always')
        started.done.then(
          () => pulledFor.set(mark, Date.now() + rememberedMs),
          () => {},
        )
      return started
    },

    async make(wanted, services, scope) {
      const { object } = wanted
      const { input, signal } = scope
      try {
        const { build } = object
        const under = build
          ? await buildOf({ ...object, build }, signal)
          : await images.pullOf(object, input.fence.job, signal)
        if (under) await withPatience(under, object, signal)
        const live = await read(object.name, signal)
        if (live) return { id: live.Id, action: under ? 'created' : 'unchanged' }
        throw gone(object.name)
      } catch (error) {
        throw located(error, wanted, services)
      }
    },
  }
  return images
}

function forgetOld(pulledFor: Map<string, number>): void {
  for (const [mark, until] of pulledFor) if (until < Date.now()) pulledFor.delete(mark)
}

/** One for all who wait for it. Its failure is told to all who come again for it, and to nobody later. */
function shared(known: Map<string, Pull>, key: string, start: () => Pull): Pull {
  const under = known.get(key)
  if (under) {
    under.ask()
    return under
  }
  const started = start()
  known.set(key, started)
  const forget = () => known.delete(key)
  started.done.then(forget, () => setTimeout(forget, failureMs).unref())
  return started
}

async function withPatience(pull: Pull, image: ImageObject, signal: AbortSignal): Promise<void> {
  const patience = new AbortController()
  const over = delay(patienceMs, 'over' as const, {
    signal: AbortSignal.any([signal, patience.signal]),
  }).catch(() => 'over' as const)
  const first = await Promise.race([pull.done.then(() => 'done' as const), over]).finally(() =>
    patience.abort(),
  )
  signal.throwIfAborted()
  if (first === 'done') return
  if (image.build)
    throw new UnavailableError('BUILDING', `Its image ${image.name} is being built${far(pull)}`)
  throw new UnavailableError('PULLING', pullingWords(image.name, pull))
}

export function pullingWords(image: string, pull: Pull): string {
  return `Its image ${image} is being pulled${far(pull)}`
}

function far(pull: Pull): string {
  const progress = pull.progress()
  return progress === '' ? '' : ` (${progress})`
}

/** `linux/amd64`; of an engine that says nothing of an image, every platform will do. */
function isOfPlatform({ Os: os, Architecture: architecture }: LiveImage, platform: string | null): boolean {
  if (platform === null || !os || !architecture) return true
  const [wantedOs, wantedArchitecture] = platform.split('/')
  return os === wantedOs && (wantedArchitecture === undefined || architecture === wantedArchitecture)
}

function neverPulled(name: string): TychoError {
  const message = `The image ${name} is not on the engine, and is never to be pulled`
  return new TychoError('IMAGE_PULL_FAILED', message, { status: 422 })
}

function gone(name: string): TychoError {
  const message = `The image ${name} was deleted as soon as it was there`
  return new TychoError('IMAGE_GONE', message, { status: 503, remedy: 'retry' })
}

/** Told as that of the service: who waits for its image is the service. */
function located(error: unknown, { manifest }: Wanted<ImageObject>, services: readonly string[]): unknown {
  const [service] = services
  if (!(error instanceof TychoError) || service === undefined || !aboutImage.has(error.code)) return error
  const { code, remedy, status } = error
  const message = `${service}: ${error.message}`
  const problems =
    remedy === 'giveUp' ? [{ code, severity: 'error' as const, path: manifest.path, message }] : []
  const told = { status, remedy, problems, details: { ...error.details, service }, cause: error }
  return remedy === 'wait'
    ? new UnavailableError(code, message, { cause: error })
    : new TychoError(code, message, told)
}

const aboutImage = new Set([
  'PULLING',
  'BUILDING',
  'BUILD_FAILED',
  'IMAGE_PULL_FAILED',
  'IMAGE_NAME_INVALID',
  'REGISTRY_UNAVAILABLE',
])
