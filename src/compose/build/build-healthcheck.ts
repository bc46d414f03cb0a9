// `healthcheck` in the model, with Docker's defaults.
import type { Healthcheck } from '../../system/spec.ts'
import { listAt, type ScalarNode } from '../node.ts'
import { reportInvalid } from './build-context.ts'
import type { Reader } from './reader.ts'

/** Docker's own (Dockerfile reference, HEALTHCHECK); a zero asks for them. */
const DEFAULTS = {
  intervalMs: 30_000,
  timeoutMs: 30_000,
  retries: 3,
  startPeriodMs: 0,
  startIntervalMs: 5_000,
}

/** null: the service has no check of its own. */
export function buildHealthcheck(service: Reader): Healthcheck | null {
  if (!service.has('healthcheck')) return null
  const healthcheck = service.below('healthcheck')
  const duration = (key: string, otherwise: number) => healthcheck.durationMs(key) || otherwise
  const timings = {
    intervalMs: duration('interval', DEFAULTS.intervalMs),
    timeoutMs: duration('timeout', DEFAULTS.timeoutMs),
    retries: healthcheck.number('retries') || DEFAULTS.retries,
    startPeriodMs: duration('start_period', DEFAULTS.startPeriodMs),
    startIntervalMs: duration('start_interval', DEFAULTS.startIntervalMs),
  }
  const test = healthcheck.boolean('disable') ? null : testOf(healthcheck)
  return test && { test, ...timings }
}

/** Whether the image's own check is not to be run either (specification, "healthcheck"). */
export function isHealthcheckOff(service: Reader): boolean {
  if (!service.has('healthcheck')) return false
  const healthcheck = service.below('healthcheck')
  return healthcheck.boolean('disable') === true || wordsOf(healthcheck)[0]?.text === 'NONE'
}

function testOf(healthcheck: Reader): Healthcheck['test'] | null {
  const words = wordsOf(healthcheck)
  const [first, second] = words
  if (!first) return reportNoTest(healthcheck)
  switch (first.text) {
    case 'NONE':
      return null
    case 'CMD-SHELL':
      return second
        ? { kind: 'shell', command: second.text }
        : invalid(healthcheck, first, 'a command must follow')
    case 'CMD':
      return second
        ? { kind: 'exec', argv: words.slice(1).map((word) => word.text) }
        : invalid(healthcheck, first, 'a command must follow')
    default:
      return invalid(healthcheck, first, 'a list begins with CMD, CMD-SHELL or NONE')
  }
}

function wordsOf(healthcheck: Reader): ScalarNode[] {
  const items = listAt(healthcheck.map, 'test')?.items ?? []
  return items.filter((item) => item.kind === 'scalar' && item.value !== null) as ScalarNode[]
}

/** Timings alone change the image's own check, which can't be seen from here. */
function reportNoTest({ map, path, context }: Reader): null {
  if (map?.entries.size === 0 || context.reporter.hasErrorAt(`${path}.test`)) return null
  const message =
    "`healthcheck` has no `test`, and the image's own is not known here: add it, else nothing is checked."
  context.reporter.report({ code: 'HEALTHCHECK_WITHOUT_TEST', severity: 'warning', path, message })
  return null
}

function invalid(healthcheck: Reader, first: ScalarNode, rule: string): null {
  reportInvalid(healthcheck.context, `${healthcheck.path}.test`, first, rule)
  return null
}
