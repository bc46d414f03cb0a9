// `healthcheck` in the model, with Docker's defaults.
import type { Healthcheck } from '../../system/spec.ts'
import {
  booleanAt,
  child,
  listAt,
  type MapNode,
  mapAt,
  numberAt,
  type ScalarNode,
  scalarAt,
} from '../node.ts'
import { parseDurationMs } from '../values/duration.ts'
import { type BuildContext, reportInvalid } from './build-context.ts'

/** Docker's own (Dockerfile reference, HEALTHCHECK); a zero asks for them. */
const DEFAULTS = {
  intervalMs: 30_000,
  timeoutMs: 30_000,
  retries: 3,
  startPeriodMs: 0,
  startIntervalMs: 5_000,
}

/** null: the service has no check of its own. */
export function buildHealthcheck(
  service: MapNode,
  servicePath: string,
  context: BuildContext,
): Healthcheck | null {
  const healthcheck = mapAt(service, 'healthcheck')
  if (!healthcheck) return null
  const path = `${servicePath}.healthcheck`
  const duration = (key: string, otherwise: number) =>
    durationOf(healthcheck, key, path, context) || otherwise
  const timings = {
    intervalMs: duration('interval', DEFAULTS.intervalMs),
    timeoutMs: duration('timeout', DEFAULTS.timeoutMs),
    retries: retriesOf(healthcheck, path, context) || DEFAULTS.retries,
    startPeriodMs: duration('start_period', DEFAULTS.startPeriodMs),
    startIntervalMs: duration('start_interval', DEFAULTS.startIntervalMs),
  }
  const test = booleanAt(healthcheck, 'disable') ? null : testOf(healthcheck, path, context)
  return test && { test, ...timings }
}

function testOf(healthcheck: MapNode, path: string, context: BuildContext): Healthcheck['test'] | null {
  const words = wordsOf(healthcheck)
  const [first, ...rest] = words
  if (!first) return reportNoTest(healthcheck, path, context)
  switch (first.text) {
    case 'NONE':
      return null
    case 'CMD-SHELL':
      return rest[0] ? { kind: 'shell', command: rest[0].text } : reportNoCommand(first, path, context)
    case 'CMD':
      return rest[0]
        ? { kind: 'exec', argv: rest.map((word) => word.text) }
        : reportNoCommand(first, path, context)
    default:
      reportInvalid(context, `${path}.test`, first, 'a list begins with CMD, CMD-SHELL or NONE')
      return null
  }
}

function wordsOf(healthcheck: MapNode): ScalarNode[] {
  const items = listAt(healthcheck, 'test')?.items ?? []
  return items.filter((item) => item.kind === 'scalar').filter((item) => item.value !== null)
}

/** Timings alone change the image's own check, which can't be seen from here. */
function reportNoTest(healthcheck: MapNode, path: string, { reporter }: BuildContext): null {
  if (healthcheck.entries.size === 0 || reporter.hasErrorAt(`${path}.test`)) return null
  const message =
    "`healthcheck` has no `test`, and the image's own is not known here: add it, else nothing is checked."
  reporter.report({ code: 'HEALTHCHECK_WITHOUT_TEST', severity: 'warning', path, message })
  return null
}

function reportNoCommand(first: ScalarNode, path: string, context: BuildContext): null {
  reportInvalid(context, `${path}.test`, first, 'a command must follow')
  return null
}

function durationOf(healthcheck: MapNode, key: string, path: string, context: BuildContext): number | null {
  const node = scalarAt(healthcheck, key)
  const duration = node ? parseDurationMs(node.text) : null
  if (node && duration === null) {
    reportInvalid(context, `${path}.${key}`, node, 'a duration has a number and a unit, as `90s` or `1m30s`')
  }
  return duration
}

function retriesOf(healthcheck: MapNode, path: string, context: BuildContext): number | null {
  const node = child(healthcheck, 'retries')
  const retries = numberAt(healthcheck, 'retries')
  if (node?.kind !== 'scalar' || retries === null || retries >= 0) return retries
  reportInvalid(context, `${path}.retries`, node, 'it must not be negative')
  return null
}
