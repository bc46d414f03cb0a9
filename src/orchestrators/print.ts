// Stages as text: YAML documents in the order of their making, each object with where it came from. Of Kubernetes objects
// it is what `kubectl apply -f` takes.
import { dump } from 'js-yaml'
import type { Requirement } from '../system/readiness.ts'
import type { Manifest, Stage } from './orchestrator.ts'

export type PrintedManifest = { fileName: string; text: string }

/** One YAML document for each object. File names sort as the objects are made. */
export function printManifests(stages: readonly Stage[]): PrintedManifest[] {
  const texts = stages.flatMap(({ requires, manifests }, stage) =>
    manifests.map((manifest) => ({ manifest, text: toText(manifest, stage, requires) })),
  )
  return texts.map(({ manifest, text }, index) => ({ fileName: toFileName(manifest, index), text }))
}

/** All of them as one multi-document file. */
export function printDocuments(stages: readonly Stage[]): string {
  return printManifests(stages)
    .map(({ text }) => text)
    .join('---\n')
}

function toFileName({ subject }: Manifest, index: number): string {
  const number = String(index + 1).padStart(2, '0')
  return `${number}-${subject.toLowerCase().replaceAll(/[^a-z0-9._-]+/g, '-')}.yaml`
}

function toText({ path, body }: Manifest, stage: number, requires: readonly Requirement[]): string {
  const conditions = requires.map(({ service, condition }) => `${service} is ${condition}`)
  const when = conditions.length > 0 ? `once ${conditions.join(' and ')}` : 'at once'
  return `# From ${path}; stage ${stage + 1}, ${when}.\n${dump(body, { lineWidth: -1, noRefs: true })}`
}
