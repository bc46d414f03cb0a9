import { child, mapAt, quote, scalarAt } from '../node.ts'
import { keyPath } from '../path.ts'
import { whyNoImage } from '../values/image.ts'
import type { CheckInput } from './check.ts'

/** Every service names an image, and it is a reference (reference loader; distribution project). */
export function checkImages({ spec, root, reporter }: CheckInput): void {
  const services = mapAt(root, 'services')
  for (const [name, { build, provider }] of Object.entries(spec.services)) {
    const service = mapAt(services, name)
    const image = scalarAt(service, 'image')
    const reason = image && image.text !== '' ? whyNoImage(image.text) : null
    if (image?.text && reason === null) continue
    const path = keyPath('services', name)
    if (reporter.hasErrorAt(`${path}.image`) || reporter.hasErrorAt(`${path}.build`)) continue
    if (!image || reason === null) {
      // An `extends` that is still there could not be worked in, which is reported.
      if (build || provider || child(service, 'extends')) continue
      const message = `\`${name}\` has no image: add \`image\`, or \`build\`.`
      reporter.report({ code: 'IMAGE_REQUIRED', path: image ? `${path}.image` : path, message })
      continue
    }
    const message = `${quote(image)} is no image reference (${reason}): write it as \`registry.example/name:tag\`.`
    reporter.report({ code: 'INVALID_IMAGE', path: `${path}.image`, message })
  }
}
