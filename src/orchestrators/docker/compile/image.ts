// The images of a system: each once, pulled or built.

import { hashOf } from '../../../system/hash.ts'
import type { Platform } from '../../../system/process.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Manifest } from '../../orchestrator.ts'
import type { ImageObject } from '../objects.ts'
import { isBuilt, toBuild } from './build.ts'
import type { Context } from './context.ts'
import { toManifest, toSystemLabels } from './manifest.ts'
import { toBuiltName } from './names.ts'

/** Each image once, by its name: the one that asks most for a pull counts. */
export function toImages(context: Context): Manifest[] {
  const byName = new Map<string, Named>()
  for (const [name, service] of Object.entries(context.spec.services))
    for (const { object, path } of imagesOf(name, service, context)) {
      const known = byName.get(object.name)
      if (!known || rank(object) > rank(known.object)) byName.set(object.name, { object, path })
    }
  return [...byName.values()].map(({ object, path }) => toManifest(object, path))
}

/** The reference by which the service's containers name their image. */
export function toImageName(name: string, service: ServiceSpec, context: Context): string {
  if (isBuilt(service, context)) return builtName(name, service, context)
  return builtElsewhere(service.image, context) ?? service.image
}

type Named = { object: ImageObject; path: string }

/** The service's own, those of the steps before it, and those that it mounts. */
function imagesOf(name: string, service: ServiceSpec, context: Context): Named[] {
  const path = `services.${name}`
  const pulled = (image: string, at: string): Named[] =>
    image === '' || builtElsewhere(image, context) !== null
      ? []
      : [{ object: toPulled(image, service, context), path: at }]
  const own = isBuilt(service, context)
    ? [{ object: toBuiltImage(name, service, context), path: `${path}.build` }]
    : pulled(service.image, `${path}.image`)
  return [
    ...own,
    ...service.hooks.preStart.flatMap(({ image }, at) =>
      pulled(image ?? '', `${path}.pre_start[${at}].image`),
    ),
    ...service.mounts.flatMap((mount, at) =>
      mount.type === 'image' ? pulled(mount.image, `${path}.volumes[${at}]`) : [],
    ),
  ]
}

/** `image` beside a `build` is what the file calls the result, so another service may name it. */
export function builtElsewhere(image: string, context: Context): string | null {
  if (image === '') return null
  const found = Object.entries(context.spec.services).find(
    ([, service]) => service.image === image && isBuilt(service, context),
  )
  return found ? builtName(...found, context) : null
}

/** Never the name that the file gives: on an engine that many use it would be everybody's image of this name. */
function builtName(name: string, service: ServiceSpec, context: Context): string {
  return toBuiltName(
    context.identity,
    name,
    hashOf([toBuild(service, context), toPlatform(service.platform)]),
  )
}

function toBuiltImage(name: string, service: ServiceSpec, context: Context): ImageObject {
  return {
    kind: 'image',
    name: builtName(name, service, context),
    labels: toSystemLabels(context.identity),
    platform: toPlatform(service.platform),
    pull: 'never',
    build: toBuild(service, context),
  }
}

function toPulled(image: string, { platform, pullPolicy }: ServiceSpec, { identity }: Context): ImageObject {
  return {
    kind: 'image',
    name: image,
    labels: toSystemLabels(identity),
    platform: toPlatform(platform),
    pull: toPull(pullPolicy),
    build: null,
  }
}

/** As Compose does, an image that is there is taken where the file says nothing. */
function toPull(policy: ServiceSpec['pullPolicy']): ImageObject['pull'] {
  switch (policy?.when) {
    case 'always':
    case 'refresh':
      return 'always'
    case 'never':
      return 'never'
    default:
      return 'missing'
  }
}

function rank({ pull }: ImageObject): number {
  return ['never', 'missing', 'always'].indexOf(pull)
}

export function toPlatform(platform: Platform | null): string | null {
  if (!platform) return null
  const { os, architecture, variant } = platform
  if (architecture === null) return os
  return [os ?? 'linux', architecture, ...(variant === null ? [] : [variant])].join('/')
}
