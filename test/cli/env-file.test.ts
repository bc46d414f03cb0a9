import { describe, expect, it } from 'vitest'
import { parseEnvFile } from '../../src/cli/env-file.ts'

const parse = (text: string, outer: Record<string, string> = {}) => parseEnvFile(text, '.env', outer)

describe('a .env file', () => {
  it('has comments, blank lines, export, and = or : between key and value', () => {
    expect(parse('# first\n\nA=1\nexport B=2\n  C: 3\r\nD = 4\n#E=5')).toEqual({
      A: '1',
      B: '2',
      C: '3',
      D: '4',
    })
  })

  it('ends an unquoted value before a comment that has a space before it', () => {
    expect(parse('A=one # two\nB=one#two\nC= # nothing\nD=')).toEqual({
      A: 'one',
      B: 'one#two',
      C: '# nothing',
      D: '',
    })
  })

  it('takes single quotes literally, over lines', () => {
    expect(parse("A='$B ${C} # \\n'\nD='it\\'s'\nE='one\ntwo' # remark")).toEqual({
      A: '$B ${C} # \\n',
      D: "it's",
      E: 'one\ntwo',
    })
  })

  it('reads escapes in double quotes', () => {
    expect(parse('A="one\\ntwo\\t\\"three\\" \\\\ \\$B"')).toEqual({ A: 'one\ntwo\t"three" \\ $B' })
  })

  it('fills in variables of the lines above and of the shell, which wins', () => {
    expect(parse('A=1\nB=${A}-$C\nD="${E:-none}"', { A: 'shell', C: 'c' })).toEqual({
      A: '1',
      B: 'shell-c',
      D: 'none',
    })
  })

  it('takes a key without a value from the shell, or leaves it out', () => {
    expect(parse('A\nB\n', { A: 'shell' })).toEqual({ A: 'shell' })
  })

  it.each([
    ['A=1\n=2', '.env:2: not a line of the form KEY=value'],
    ['A=1\nB="open\nC=2', '.env:2: a quote is not closed'],
    ["A='x' y", '.env:1: something follows the closing quote'],
    ['\nA=${', '.env:2: '],
  ])('is refused with its line: %j', (text, message) => {
    expect(() => parse(text)).toThrow(message)
  })
})
