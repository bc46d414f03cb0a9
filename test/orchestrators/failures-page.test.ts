// docs/failures.md has a row for every reason that the engine can give.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from '../architecture/source-imports.ts'

const page = readFileSync(join(root, 'docs/failures.md'), 'utf8')
const rows = new Set(
  [...page.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, code]) => code),
  ),
)

/** How a reason is written down: of a diagnosis, of a rule, of an error. */
const reasons =
  /(?:\b(?:final|pending|unlessPassing|stateOf|toReason|diagnoseMount|Error)\(\s*(?:\d+, |'\w+', \w+, )?|\bcode: |\w+: )'([A-Z][A-Z]+(?:_[A-Z]+)*)'/g
/** Of a mistake of ours or of a watch, and what is no failure. */
const unsaid = new Set([
  'NO_KINDS',
  'CLUSTER_CLOSED',
  'INTERNAL_ERROR',
  'UNEXPECTED',
  'COMPLETED',
  'VOLUME_KEPT_AS_IS',
  'VOLUME_KEPT',
  'PORT_TAKEN',
])
/** Only between the engine's own parts. */
const inner = new Set(['OBJECT_EXISTS', 'OBJECT_NOT_FOUND', 'RESOURCE_EXPIRED', 'WATCH_SILENT'])

it('has a row for every reason', () => {
  const sources = globSync('src/orchestrators/{kubernetes/cluster,docker/engine,docker/swarm/engine}/*.ts', {
    cwd: root,
  })
  const codes = sources.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(reasons)].flatMap(([, code]) => code ?? []),
  )
  const wanted = new Set(codes.filter((code) => code.includes('_') && !unsaid.has(code) && !inner.has(code)))
  expect(wanted.size).toBeGreaterThan(25)
  expect([...wanted].filter((code) => !rows.has(code)).sort()).toEqual([])
})
