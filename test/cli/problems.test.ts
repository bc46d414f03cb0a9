import { describe, expect, it } from 'vitest'
import { printProblems } from '../../src/cli/problems.ts'
import type { Problem } from '../../src/problem.ts'

const plain = (_style: string, text: string) => text
const source = { path: 'a/compose.yml', label: 'a/compose.yml', text: 'services:\n  web:\n\tprots: []\n' }

const problem: Problem = {
  code: 'UNKNOWN_KEY',
  severity: 'error',
  path: 'services.web.prots',
  file: 'compose.yaml',
  line: 3,
  column: 2,
  message: 'there is no such key',
}

describe('a Problem on the command line', () => {
  it('has its place in the file of the user, and the line below it', () => {
    expect(printProblems([problem], source, plain)).toEqual([
      'a/compose.yml:3:2: error UNKNOWN_KEY services.web.prots: there is no such key',
      '    \tprots: []',
      '    \t^',
    ])
  })

  it('does without what is not known', () => {
    const { file: _file, line: _line, column: _column, ...bare } = problem
    expect(printProblems([{ ...bare, severity: 'warning', path: '' }], null, plain)).toEqual([
      'warning UNKNOWN_KEY: there is no such key',
    ])
    expect(printProblems([{ ...problem, line: 99 }], source, plain)).toHaveLength(1)
  })

  it('shows the part of a long line that matters', () => {
    const text = `{${' '.repeat(500)}"prots": []${' '.repeat(500)}}`
    const [, excerpt = '', mark = ''] = printProblems(
      [{ ...problem, line: 1, column: 502 }],
      { ...source, text },
      plain,
    )
    expect(excerpt.length).toBeLessThan(200)
    expect(excerpt.slice(mark.indexOf('^'))).toMatch(/^"prots"/)
  })
})
