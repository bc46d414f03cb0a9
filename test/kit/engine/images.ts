/** The test images as one archive, so that every engine has them at once (`docker load`). */
import { buildImages, IMAGES } from '../cluster/images.ts'
import type { Report } from '../cluster/packages.ts'
import { startEmptyEngine } from './engine.ts'

/** Builds the images on an engine that is gone afterwards. */
export async function saveImages(path: string, report: Report): Promise<void> {
  await using engine = await startEmptyEngine()
  await buildImages(report, IMAGES, engine.docker)
  await engine.docker(['save', '--output', path, ...IMAGES.map(({ tag }) => tag)])
}
