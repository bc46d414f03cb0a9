// `build`: an image from the request's files, by the engine's own builder.
import type { BuildSpec } from '../../../system/build.ts'
import type { FileContent } from '../../../system/files.ts'
import { parseIgnored } from '../../../system/ignored-files.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { ImageBuild } from '../objects.ts'
import type { Context } from './context.ts'
import { toUlimits } from './resources.ts'

/** No file of a project is called so. */
const INLINE_DOCKERFILE = '.tycho.Dockerfile'
const USUAL_DOCKERFILE = 'Dockerfile'

/**
 * Whether the image is built here: it has no other source, the file asks for it, or its files came with the request. What
 * is wrong with the build is a Problem elsewhere.
 */
export function isBuilt({ build, image, pullPolicy }: ServiceSpec, context: Context): boolean {
  if (!build) return false
  return image === '' || pullPolicy?.when === 'build' || contextOf(build, context) !== null
}

/** Null where its files did not come with the request; an inline Dockerfile alone needs none. */
export function contextOf(
  { context: path, dockerfileInline }: BuildSpec,
  { spec }: Context,
): Record<string, FileContent> | null {
  if (path === null) return dockerfileInline === null ? null : {}
  return spec.files[path] ?? null
}

const IGNORE_FILE = '.dockerignore'

/** The builder leaves that to who sends the files. */
function withoutIgnored(files: Record<string, FileContent>, dockerfile: string): Record<string, FileContent> {
  const text = files[`${dockerfile}${IGNORE_FILE}`] ?? files[IGNORE_FILE]
  if (typeof text !== 'string') return files
  const isIgnored = parseIgnored(text)
  return Object.fromEntries(Object.entries(files).filter(([path]) => path === dockerfile || !isIgnored(path)))
}

export function dockerfileOf({ dockerfile, dockerfileInline }: BuildSpec): string {
  if (dockerfileInline !== null) return INLINE_DOCKERFILE
  return (dockerfile ?? USUAL_DOCKERFILE).replace(/^(?:\.\/)+/, '')
}

export function toBuild(service: ServiceSpec, context: Context): ImageBuild | null {
  const { build } = service
  if (!build) return null
  const files = withoutIgnored(contextOf(build, context) ?? {}, dockerfileOf(build))
  const { dockerfileInline: inline } = build
  return {
    context: inline === null ? files : { ...files, [INLINE_DOCKERFILE]: inline },
    dockerfile: dockerfileOf(build),
    target: build.target,
    args: build.args,
    labels: build.labels,
    tags: [],
    noCache: build.noCache,
    pull: build.pull,
    network: build.network,
    shmSizeBytes: build.shmSizeBytes,
    extraHosts: toExtraHosts(build.extraHosts),
    cacheFrom: build.cacheFrom,
    ulimits: toUlimits(build.ulimits),
  }
}

/** As `ExtraHosts` has them. */
export function toExtraHosts(hosts: ServiceSpec['extraHosts']): string[] {
  return Object.entries(hosts).flatMap(([host, addresses]) =>
    addresses.map((address) => `${host}:${address}`),
  )
}
