// What the builders of the model share: where to complain, and what a variable without a value resolves to.
import type { Environment } from '../interpolate.ts'
import type { ComposeLimits } from '../limits.ts'
import { quote, type ScalarNode } from '../node.ts'
import type { Reporter } from '../report.ts'

export type BuildContext = { reporter: Reporter; environment: Environment; limits: ComposeLimits }

/** Reports a value that its key can't have. `rule` is a whole sentence's end: what it should be. */
export function reportInvalid(context: BuildContext, path: string, node: ScalarNode, rule: string): void {
  const message = `${quote(node)} can't be the value of \`${path}\`: ${rule}.`
  context.reporter.report({ code: 'INVALID_VALUE', path, message, at: node.at })
}
