// One image that is being built from the files of a request: by the engine's own builder, for whoever waits for it.
import { buffer } from 'node:stream/consumers'
import { pack } from 'tar-stream'
import { TychoError } from '../../../problem.ts'
import { parseJsonLines } from '../../shared/json-lines.ts'
import { LABEL } from '../labels.ts'
import type { ImageBuild, ImageObject } from '../objects.ts'
import type { EngineClient, Request } from './client.ts'
import type { Pull } from './pull.ts'
import { hashOf } from './scope.ts'

/** What is built, as a pull is: it outlives the task that asked for it. */
export type BuiltImage = ImageObject & { build: ImageBuild }

/** Nobody has asked for so long: whoever wanted it was canceled, or has died. */
const unaskedMs = 20_000
/** A step may be long and say nothing. */
const silentMs = 600_000
const lastLines = 20

type Line = { stream?: string; error?: string; errorDetail?: { message?: string } }

export function startBuild(client: EngineClient, image: BuiltImage): Pull {
  const said: string[] = []
  const stop = new AbortController()
  let step = ''
  let askedAt = performance.now()
  const watch = setInterval(() => {
    if (performance.now() - askedAt > unaskedMs)
      stop.abort(new DOMException('nobody waits for it', 'AbortError'))
  }, 1_000)
  watch.unref()
  const done = run().finally(() => clearInterval(watch))
  done.catch(() => {})

  async function run(): Promise<void> {
    const archive = await toArchive(image.build)
    const request: Request = { ...toRequest(image), archive, limitMs: silentMs }
    const chunks = await client.stream(request, stop.signal)
    for await (const line of parseJsonLines(chunks)) take(line as Line)
  }

  function take({ stream = '', error, errorDetail }: Line): void {
    const failure = errorDetail?.message ?? error
    if (failure !== undefined) throw buildError(image.name, failure, said)
    step = /^Step (?<step>\d+\/\d+)/.exec(stream)?.groups?.step ?? step
    for (const line of stream.split('\n')) if (line.trim() !== '') said.push(line)
    said.splice(0, said.length - lastLines)
  }

  return {
    done,
    progress: () => (step === '' ? '' : `step ${step.replace('/', ' of ')}`),
    ask() {
      askedAt = performance.now()
    },
  }
}

/**
 * As `POST /build` has them (Docker Engine API v1.41). The labels say for which system it was made, and from what; not for
 * which start of it: the next one need not build it again. The builder's own containers have them too, and are no part of
 * the system.
 */
function toRequest(image: BuiltImage): Request {
  const { name, platform, build } = image
  const { [LABEL.managedBy]: _manager, [LABEL.sid]: _sid, ...labels } = image.labels
  const query = {
    t: [name, ...build.tags],
    dockerfile: build.dockerfile,
    buildargs: JSON.stringify(build.args),
    labels: JSON.stringify({ ...build.labels, ...labels, [LABEL.hash]: hashOf(image) }),
    cachefrom: JSON.stringify(build.cacheFrom),
    ulimits: JSON.stringify(build.ulimits),
    extrahosts: build.extraHosts,
    nocache: build.noCache,
    pull: build.pull,
    rm: true,
    forcerm: true,
    ...(build.target !== null && { target: build.target }),
    ...(build.network !== null && { networkmode: build.network }),
    ...(build.shmSizeBytes !== null && { shmsize: build.shmSizeBytes }),
    ...(platform !== null && { platform }),
  }
  return { method: 'POST', path: '/build', query, what: `build of ${name}` }
}

/**
 * A request says nothing of the modes of its files: all can be read and run, as Docker's own client has it where files
 * have no modes.
 */
async function toArchive({ context }: ImageBuild): Promise<Buffer> {
  const archive = pack()
  for (const [name, content] of Object.entries(context)) {
    const bytes = typeof content === 'string' ? content : Buffer.from(content.base64, 'base64')
    archive.entry({ name, mode: 0o755 }, bytes)
  }
  archive.finalize()
  return buffer(archive)
}

/** In the builder's own words, with what the steps before have said. */
function buildError(image: string, failure: string, said: readonly string[]): TychoError {
  if (/no space left on device/i.test(failure)) {
    const message = `The Docker engine has no space left to build ${image}: ${failure}`
    return new TychoError('NO_SPACE', message, { status: 507, remedy: 'retry' })
  }
  const details = { container: `the build of ${image}`, log: [...said] }
  return new TychoError('BUILD_FAILED', `The image ${image} can't be built: ${failure.trim()}`, {
    status: 422,
    details,
  })
}
