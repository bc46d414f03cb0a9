import { expect, test } from 'vitest'
import {
  dispositionOf,
  dispositions,
  type Row,
} from '../../src/orchestrators/kubernetes/compile/dispositions.ts'
import { compileServices, dependency, healthcheck, port, service, system } from './specs.ts'

const rows = Object.keys(dispositions)
/** Rows of which others are a part speak of the whole, not of its keys. */
const wholes = rows.filter((row) => rows.some((other) => other.startsWith(`${row}.`)))
const parts = rows.filter((row) => !wholes.includes(row)).map((row) => row.split('.'))

const full = {
  ...system({
    web: service({
      environment: { A: '1' },
      ports: [port(80, { published: { from: 80, to: 80 } })],
      expose: [{ port: 81, protocol: 'tcp' }],
      healthcheck: healthcheck(),
      dependsOn: { db: dependency() },
      extensions: { 'x-note': 1 },
    }),
  }),
  extensions: { 'x-note': 1 },
}

function leavesOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([key, item]) => leavesOf(item, [...path, key]))
}

function isPartOf(leaf: string[], row: string[]): boolean {
  return row.every((key, index) => leaf[index] !== undefined && (key === '*' || key === leaf[index]))
}

test('has a row for every key that the model carries', () => {
  const missing = leavesOf(full).filter((leaf) => !parts.some((row) => isPartOf(leaf, row)))
  expect(missing.map((leaf) => leaf.join('.'))).toEqual([])
})

test('has no row for a key that the model does not carry', () => {
  const unused = parts.filter((row) => !leavesOf(full).some((leaf) => isPartOf(leaf, row)))
  expect(unused.map((row) => row.join('.'))).toEqual([])
})

test('says the same of a code in every row', () => {
  for (const { remarks } of Object.values<Row>(dispositions))
    for (const [code, disposition] of Object.entries(remarks)) expect(dispositionOf(code)).toBe(disposition)
})

test('refuses what is an error or a matter of policy, and only that', () => {
  const refused = (compiled: ReturnType<typeof compileServices>) => compiled.stages.length === 0
  expect(refused(compileServices({ web: service({ ports: [port(80, { mode: 'host' })] }) }))).toBe(true)
  expect(refused(compileServices({ web: service({ command: [] }) }))).toBe(true)
  expect(refused(compileServices({ web: service({ ports: [port(80, { hostIp: '192.0.2.1' })] }) }))).toBe(
    false,
  )
})
