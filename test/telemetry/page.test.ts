// docs/operations.md lists every metric as it is.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { expect, it } from 'vitest'
import { createInstruments } from '../../src/telemetry/instruments.ts'
import { root } from '../architecture/source-imports.ts'

const page = readFileSync(join(root, 'docs/operations.md'), 'utf8')

/** A metric's own view of itself; the library's types leave the names of its labels out. */
type Described = { name: string; help: string; labelNames: string[] }

async function metrics() {
  const registry = new Registry()
  createInstruments(registry)
  const all = await registry.getMetricsAsJSON()
  return all.map(({ name, type }) => ({
    ...(registry.getSingleMetric(name) as unknown as Described),
    type: String(type),
  }))
}

it('has a row for every metric, and none for others', async () => {
  const rows = page.match(/^\| `tycho_.*$/gm) ?? []
  const expected = (await metrics()).map(({ name, type, labelNames, help }) => {
    const labels = labelNames.map((label) => `\`${label}\``).join(' ')
    return `| \`${name}\` | ${type} | ${labels} | ${help} |`
  })
  expect(rows).toEqual(expected)
})

it('names metrics and labels as Prometheus asks for', async () => {
  for (const { name, type, labelNames } of await metrics()) {
    expect(name).toMatch(/^tycho_[a-z]+(_[a-z]+)*$/)
    expect(name.endsWith('_total')).toBe(type === 'counter')
    if (type === 'histogram') expect(name).toMatch(/_seconds$/)
    for (const label of labelNames) expect(['tenant', 'system', 'name', 'user', 'job']).not.toContain(label)
  }
})

it('names only metrics that exist in its queries and alerts', async () => {
  const known = (await metrics()).map(({ name }) => name)
  const named = page.match(/\btycho_[a-z_]+[a-z]/g) ?? []
  expect(named.length).toBeGreaterThan(40)
  for (const name of named) {
    const base = name.replace(/_(bucket|sum|count)$/, '')
    expect(known.includes(name) || known.includes(base), name).toBe(true)
  }
})
