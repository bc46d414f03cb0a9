// Opens the files that Compose files name, and says where that is not possible.
import { type Node, quote, type ScalarNode } from '../node.ts'
import { overLimit } from '../read/read-error.ts'
import { readYaml } from '../read/read-yaml.ts'
import type { LoadContext } from './load-context.ts'
import { isRemote, resolvePath } from './project-path.ts'

/** The path that `node` names, seen from `directory`; null, and reported, where it is not one of the request's files. */
export function pathOf(
  node: ScalarNode,
  path: string,
  directory: string,
  context: LoadContext,
): string | null {
  if (isRemote(node.text)) {
    const message = `${quote(node)} is fetched from elsewhere, which is not done here: send the file with the request.`
    context.reporter.report({ code: 'REMOTE_FILE', path, message, at: node.at })
    return null
  }
  const resolved = resolvePath(directory, node.text)
  if (resolved.ok) return resolved.path
  const message = `${quote(node)} can't be read (${resolved.reason}): name a file below the project directory.`
  context.reporter.report({ code: 'PATH_OUTSIDE_PROJECT', path, message, at: node.at })
  return null
}

/** The text of a file; null, and reported, where it is not there. */
export function textOf(file: string, node: ScalarNode, path: string, context: LoadContext): string | null {
  const content = context.files.text(file)
  if (content.kind === 'text') return content.text
  const message =
    content.kind === 'absent'
      ? `There is no file ${quote(node)}: send it with the request, named \`${file}\`.`
      : `The file ${quote(node)} is no UTF-8 text: send text.`
  const code = content.kind === 'absent' ? 'FILE_NOT_FOUND' : 'FILE_NOT_TEXT'
  context.reporter.report({ code, path, message, at: node.at })
  return null
}

/** The documents of a Compose file beside the first; null, and reported, where it can't be had. */
export function openComposeFile(
  file: string,
  node: ScalarNode,
  path: string,
  context: LoadContext,
): readonly Node[] | null {
  chargeLoad(context, node.at)
  const known = context.documents.get(file)
  if (known) return known
  const text = textOf(file, node, path, context)
  if (text === null) return null
  const documents = readYaml(file, text, context)
  context.documents.set(file, documents)
  return documents
}

/** Counts a Compose file that is about to be read. */
export function chargeLoad({ meter, limits }: LoadContext, at: number): void {
  meter.loads += 1
  if (meter.loads <= limits.loads) return
  throw overLimit(
    'TOO_MANY_FILES',
    'Too many Compose files are read',
    limits.loads,
    'include and extend fewer',
    at,
  )
}

export function checkDepth(depth: number, { limits }: LoadContext, at: number): void {
  if (depth <= limits.loadDepth) return
  const what = 'Files or services that include or extend each other are too deep'
  throw overLimit('FILES_NESTED_TOO_DEEP', what, limits.loadDepth, 'make it flatter', at)
}
