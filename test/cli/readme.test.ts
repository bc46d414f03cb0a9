// README.md says what the code says.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exitCodes } from '../../src/cli/exit-codes.ts'
import { Environment } from '../../src/config.ts'
import { root } from '../kit/program.ts'

const readme = readFileSync(join(root, 'README.md'), 'utf8')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object }

type Setting = { description?: string; default?: unknown }

function rowOf([name, setting]: [string, Setting]): string {
  const value = setting.default === undefined ? '' : `\`${setting.default}\``
  return `| \`${name}\` | ${value} | ${setting.description} |`
}

/** Rows of the table whose first cell is `title`. */
function rowsOf(title: string): string[] {
  const lines = readme.split('\n')
  const start = lines.findIndex((line) => line.startsWith(`| ${title} |`))
  const rows = lines.slice(start + 2)
  return rows.slice(
    0,
    rows.findIndex((line) => !line.startsWith('|')),
  )
}

describe('README.md', () => {
  it('lists every setting with its default and what it does', () => {
    const settings = Object.entries(Environment.properties as Record<string, Setting>)
    expect(rowsOf('setting')).toEqual(settings.map(rowOf))
  })

  it('lists every exit code', () => {
    const codes = rowsOf('code').map((row) => Number(row.split('|')[1]))
    expect(codes).toEqual(Object.values(exitCodes))
  })

  it('names only npm scripts that exist', () => {
    const named = [...readme.matchAll(/npm run ([a-z:]+)/g)].map(([, name = '']) => name)
    expect(named.filter((name) => !(name in manifest.scripts))).toEqual([])
    expect(named.length).toBeGreaterThan(0)
  })
})
