/** Vitest's global setup of the tests on a Docker engine: the packages, and the images that each engine loads. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { ENGINE_PACKAGES, installPackages, requireRoot } from '../cluster/packages.ts'
import { saveImages } from './images.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of an archive for `docker load`. */
    engineImages: string
  }
}

const report = (line: string) => console.log(line)

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  requireRoot()
  await installPackages(ENGINE_PACKAGES, report)
  const folder = await mkdtemp(join(tmpdir(), 'tycho-engine-images-'))
  const path = join(folder, 'images.tar')
  await saveImages(path, report)
  project.provide('engineImages', path)
  return () => rm(folder, { recursive: true, force: true })
}
