// Checks the form of a part of a file that is used up before the whole is checked.
import { checkKeys } from '../keys/check-keys.ts'
import { type MapNode, mapNode, type Node } from '../node.ts'
import type { Reporter } from '../report.ts'
import type { LoadContext } from './load-context.ts'

/** The part at `keys`, its values cast to their types; null where its form is wrong, which is reported. */
export function checkPart(part: Node, keys: readonly string[], context: LoadContext): Node | null {
  const wrapped = keys.reduceRight<Node>((node, key) => mapNode([[key, node]], node.at), part)
  let checked: Node | null = checkKeys(
    wrapped,
    context.grammar,
    reporterAt(part.at, context.reporter),
    context.meter,
  )
  for (const key of keys) checked = checked?.kind === 'map' ? (checked.entries.get(key)?.value ?? null) : null
  return checked
}

/** Checks the top level of an included file, but for what is brought in from it. */
export function checkTopLevel(root: MapNode, context: LoadContext): void {
  checkKeys(root, context.grammar, reporterAt(root.at, context.reporter), context.meter)
}

/** Puts what has no place of its own at `at`: a path alone would be looked for in the merged file. */
function reporterAt(at: number, reporter: Reporter): Reporter {
  return { ...reporter, report: (finding) => reporter.report({ ...finding, at: finding.at ?? at }) }
}
