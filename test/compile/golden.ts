// What the samples compile to, as files that are read in a review: one per object, in the order of their making.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { dump } from 'js-yaml'
import { parseCompose } from '../../src/compose/parse.ts'
import { compile } from '../../src/orchestrators/kubernetes/compile/compile.ts'
import type { Manifest, Requirement } from '../../src/orchestrators/orchestrator.ts'
import type { SystemSpec } from '../../src/system/spec.ts'

export type Files = Record<string, string>

const samples = resolve(import.meta.dirname, '../../samples')
const goldenFolder = (name: string) => join(samples, 'golden', name)

/** Names of the samples, without `.yml`. */
export async function listSamples(): Promise<string[]> {
  const names = await readdir(samples)
  return names.flatMap((name) => (name.endsWith('.yml') ? [name.slice(0, -'.yml'.length)] : [])).sort()
}

export async function readSample(name: string): Promise<SystemSpec> {
  const fileName = `${name}.yml`
  const compose = await readFile(join(samples, fileName), 'utf8')
  const { spec, problems } = parseCompose({ compose, env: {}, fileNames: [fileName] })
  if (!spec) throw new Error(`${fileName}: ${problems.map(({ message }) => message).join(' ')}`)
  return spec
}

/** The manifests of a sample, started under its own name in the namespace `demo` of a current cluster. */
export async function compileSample(name: string): Promise<Files> {
  const spec = await readSample(name)
  const identity = { tenant: 'demo', namespace: 'demo', name, sid: '0'.repeat(32) }
  const { stages } = compile({ identity, spec, exposure: 'nodePort' })
  const texts = stages.flatMap(({ requires, manifests }, stage) =>
    manifests.map((manifest) => ({ manifest, text: toText(manifest, stage, requires) })),
  )
  return Object.fromEntries(texts.map(({ manifest, text }, index) => [toFileName(manifest, index), text]))
}

export async function readGolden(name: string): Promise<Files> {
  const folder = goldenFolder(name)
  const names = (await readdir(folder)).sort()
  const texts = await Promise.all(names.map((file) => readFile(join(folder, file), 'utf8')))
  return Object.fromEntries(names.map((file, index) => [file, texts[index] ?? '']))
}

export async function writeGolden(name: string, files: Files): Promise<void> {
  const folder = goldenFolder(name)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text)
}

function toFileName({ subject }: Manifest, index: number): string {
  const number = String(index + 1).padStart(2, '0')
  return `${number}-${subject.replace('/', '-').toLowerCase()}.yaml`
}

function toText({ path, body }: Manifest, stage: number, requires: Requirement[]): string {
  const conditions = requires.map(({ service, condition }) => `${service} is ${condition}`)
  const when = conditions.length > 0 ? `once ${conditions.join(' and ')}` : 'at once'
  return `# From ${path}; stage ${stage + 1}, ${when}.\n${dump(body, { lineWidth: -1, noRefs: true })}`
}
