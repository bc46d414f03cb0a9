// What the builders of the model share: where to complain, and what a variable without a value resolves to.
import type { Environment } from '../interpolate.ts'
import type { ComposeLimits } from '../limits.ts'
import type { Meter } from '../meter.ts'
import { quote, type ScalarNode } from '../node.ts'
import { keyPath } from '../path.ts'
import type { Reporter } from '../report.ts'

export type BuildContext = {
  reporter: Reporter
  environment: Environment
  limits: ComposeLimits
  meter: Meter
}

/** Reports a value that its key can't have. `rule` is a whole sentence's end: what it should be. */
export function reportInvalid(context: BuildContext, path: string, node: ScalarNode, rule: string): void {
  const message = `${quote(node)} can't be the value of \`${path}\`: ${rule}.`
  context.reporter.report({ code: 'INVALID_VALUE', path, message, at: node.at })
}

/** Reports two keys of one meaning that differ. */
export function reportConflict(context: BuildContext, path: string, key: string, other: string): void {
  const message = `\`${key}\` and \`${other}\` differ: give one of them.`
  context.reporter.report({ code: 'CONFLICTING_KEYS', path: keyPath(path, key), message })
}
