// What the samples compile to, as files that are read in a review: one per object, in the order of their making.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseEnvFile } from '../../src/cli/env-file.ts'
import { parseCompose } from '../../src/compose/parse.ts'
import { compile as compileForDocker } from '../../src/orchestrators/docker/compile/compile.ts'
import { compile } from '../../src/orchestrators/kubernetes/compile/compile.ts'
import { printManifests } from '../../src/orchestrators/print.ts'
import type { SystemSpec } from '../../src/system/spec.ts'

export type Files = Record<string, string>

const samples = resolve(import.meta.dirname, '../../samples')

/** What a sample compiles to on one of the orchestrators. */
export type Golden = { name: string; on: 'kubernetes' | 'docker' }

const compilers = { kubernetes: compile, docker: compileForDocker }

export const folderOf = ({ name, on }: Golden) =>
  join(samples, on === 'kubernetes' ? 'golden' : `golden-${on}`, name)

/** Those that show on an engine what the others do not: order, steps before, shared networks, files, updates. */
const ON_DOCKER = ['counter', 'migration', 'one-pod', 'secrets-and-configs', 'shop', 'two-networks']

export async function listGoldens(): Promise<Golden[]> {
  const names = await listSamples()
  return [
    ...names.map((name): Golden => ({ name, on: 'kubernetes' })),
    ...ON_DOCKER.map((name): Golden => ({ name, on: 'docker' })),
  ]
}

/** Names of the samples, without `.yml`. */
export async function listSamples(): Promise<string[]> {
  const names = await readdir(samples)
  return names.flatMap((name) => (name.endsWith('.yml') ? [name.slice(0, -'.yml'.length)] : [])).sort()
}

/** With the files that it names, and the variables of the `.env` file that is called as it is. */
export async function readSample(name: string): Promise<SystemSpec> {
  const fileName = `${name}.yml`
  const compose = await readFile(join(samples, fileName), 'utf8')
  const env = parseEnvFile(await readFile(join(samples, `${name}.env`), 'utf8').catch(() => ''), name, {})
  const { filesWanted } = parseCompose({ compose, env })
  const found = await Promise.all(
    filesWanted.map((path) => readFile(join(samples, path), 'utf8').catch(() => null)),
  )
  const files = Object.fromEntries(filesWanted.flatMap((path, at) => (found[at] ? [[path, found[at]]] : [])))
  const { spec, problems } = parseCompose({ compose, env, files, fileNames: [fileName] })
  if (!spec) throw new Error(`${fileName}: ${problems.map(({ message }) => message).join(' ')}`)
  return spec
}

/** The manifests of a sample, started under its own name on a current cluster or engine. */
export async function compileSample({ name, on }: Golden): Promise<Files> {
  const spec = await readSample(name)
  const identity = { tenant: 'demo', namespace: 'demo', name, sid: '0'.repeat(32) }
  const { stages, problems } = compilers[on]({ identity, spec, exposure: 'nodePort' })
  if (stages.length === 0) throw new Error(`${name}: ${problems.map(({ message }) => message).join(' ')}`)
  return Object.fromEntries(printManifests(stages).map(({ fileName, text }) => [fileName, text]))
}

export async function readGolden(golden: Golden): Promise<Files> {
  const folder = folderOf(golden)
  const names = (await readdir(folder)).sort()
  const texts = await Promise.all(names.map((file) => readFile(join(folder, file), 'utf8')))
  return Object.fromEntries(names.map((file, index) => [file, texts[index] ?? '']))
}

export async function writeGolden(golden: Golden, files: Files): Promise<void> {
  const folder = folderOf(golden)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text)
}
