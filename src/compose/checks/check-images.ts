import { child, mapAt, quote, scalarAt } from '../node.ts'
import { keyPath } from '../path.ts'
import { whyNoImage } from '../values/image.ts'
import type { CheckInput } from './check.ts'

/** Keys that give a service its image, or say that it needs none. */
const INSTEAD_OF_IMAGE = ['build', 'provider', 'extends']

/** Every service names an image, and it is a reference (reference loader; distribution project). */
export function checkImages({ spec, written, reporter }: CheckInput): void {
  for (const name of Object.keys(spec.services)) {
    const path = keyPath('services', name)
    const service = mapAt(mapAt(written, 'services'), name)
    if (reporter.hasErrorAt(`${path}.image`) || INSTEAD_OF_IMAGE.some((key) => child(service, key))) continue
    const image = scalarAt(service, 'image')
    if (!image || image.text === '') {
      const message = `\`${name}\` has no image: add \`image\`.`
      reporter.report({ code: 'IMAGE_REQUIRED', path: image ? `${path}.image` : path, message })
      continue
    }
    const reason = whyNoImage(image.text)
    if (reason === null) continue
    const message = `${quote(image)} is no image reference (${reason}): write it as \`registry.example/name:tag\`.`
    reporter.report({ code: 'INVALID_IMAGE', path: `${path}.image`, message })
  }
}
