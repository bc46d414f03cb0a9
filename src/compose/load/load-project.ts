// Makes one tree of the files of a project. Every file goes through the same steps, then over those before it.
import { interpolateTree } from '../interpolate-tree.ts'
import { mergeFiles } from '../merge/merge.ts'
import { withoutTags } from '../merge/without-tags.ts'
import type { MapNode, Node } from '../node.ts'
import { resolveExtends } from './extends.ts'
import { resolveIncludes } from './include.ts'
import type { LoadContext, Project } from './load-context.ts'
import { relocateFile } from './relocate.ts'

type Step = { about: string; run(root: MapNode, project: Project, context: LoadContext): MapNode }

/** What is done to a file before it is merged, in this order (reference loader). */
export const STEPS: readonly Step[] = [
  { about: 'its variables are filled in', run: fillVariables },
  {
    about: 'its paths start at the project directory',
    run: (root, { directory }) => relocateFile(root, directory),
  },
  { about: 'its services that extend others have what those have', run: extendServices },
  { about: 'what it includes is part of it', run: includeFiles },
]

/** The merged files, without the tags that merging is done with; null where none of them is a map. */
export function loadProject(
  documents: readonly Node[],
  project: Project,
  context: LoadContext,
): MapNode | null {
  let merged: MapNode | null = null
  // Shared, so that what a merge leaves as it was is not walked again.
  const known = new Map<Node, Node>()
  for (const document of documents) {
    const root = toMap(document, context)
    if (!root) continue
    const ready = STEPS.reduce((file, step) => step.run(file, project, context), root)
    merged = merged ? mergeFiles(clean(merged, known, context), ready, context) : ready
  }
  return merged && clean(merged, known, context)
}

function toMap(document: Node, { reporter }: LoadContext): MapNode | null {
  if (document.kind === 'map') return document
  const message = 'A Compose file is a map: begin with `services:`.'
  reporter.report({ code: 'WRONG_TYPE', path: '', message, at: document.at })
  return null
}

function clean(root: MapNode, known: Map<Node, Node>, { meter }: LoadContext): MapNode {
  if (meter.mergeTags === 0) return root
  const cleaned = withoutTags(root, known)
  return cleaned.kind === 'map' ? cleaned : root
}

function fillVariables(root: MapNode, { environment }: Project, context: LoadContext): MapNode {
  const filled = interpolateTree(root, '', { ...context, environment })
  return filled.kind === 'map' ? filled : root
}

function extendServices(root: MapNode, { directory, environment }: Project, context: LoadContext): MapNode {
  return resolveExtends(root, directory, environment, context)
}

function includeFiles(root: MapNode, project: Project, context: LoadContext): MapNode {
  return resolveIncludes(root, project, context, loadProject)
}
