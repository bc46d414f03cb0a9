import { describe, expect, test } from 'vitest'
import { parseDotenv } from '../../../src/compose/dotenv/parse-dotenv.ts'
import { parseRawEnv } from '../../../src/compose/dotenv/parse-raw.ts'

const OUTER: Record<string, string> = { FROM: 'outside', EMPTY: '' }
const lookup = (name: string) => OUTER[name]

function read(text: string): Record<string, string> {
  const { variables, complaint } = parseDotenv(text, { lookup })
  if (complaint) throw new Error(complaint.message)
  return Object.fromEntries(variables)
}

describe('a .env file', () => {
  test.each([
    ['A=1', '1'],
    ['A = 1', '1'],
    ['A: 1', '1'],
    ['  export   A=1', '1'],
    ['export\tA=1', '1'],
    ['A=', ''],
    ['A=""', ''],
    ['A=a b  ', 'a b'],
    ['A=a=b', 'a=b'],
    ['A=a:b', 'a:b'],
    ["A='it\\'s'", "it's"],
    ["A='$FROM \\n'", '$FROM \\n'],
    ['A="a\nb"', 'a\nb'],
    ['A="a\\nb"', 'a\nb'],
    ['A=a\\nb', 'a\\nb'],
    ['A="\\$FROM"', '$FROM'],
    ['A=$$FROM', '$FROM'],
    ['A="\\0101"', 'A'],
    ['A="\\x41"', '\\x41'],
    ['\uFEFFA=1', '1'],
    ['A=1\r', '1'],
  ])('%j gives A the value %j', (text, value) => expect(read(text)).toEqual({ A: value }))

  test.each([
    ['A=a # comment', 'a'],
    ['A=a#b', 'a#b'],
    ['A="a # b" # comment', 'a # b'],
    ["A='a' #comment", 'a'],
    ['# first\n\n  # second\nA=1', '1'],
    ['A=#x', '#x'],
  ])('comments: %j gives %j', (text, value) => expect(read(text)).toEqual({ A: value }))

  test.each([
    ['A=$FROM', 'outside'],
    ['A="${FROM}!"', 'outside!'],
    ['A=${UNSET:-x}', 'x'],
    ['A=${EMPTY:-x}', 'x'],
    ['A=${EMPTY-x}', ''],
    ['A=${FROM:+x}', 'x'],
  ])('variables: %j gives %j', (text, value) => expect(read(text)).toEqual({ A: value }))

  test('variables see the lines above, and those outside first', () => {
    expect(read('A=1\nB=$A$A\nFROM=inside\nC=$FROM')).toEqual({
      A: '1',
      B: '11',
      FROM: 'inside',
      C: 'outside',
    })
  })

  test('a name alone takes its value from outside, or is left out', () => {
    expect(read('FROM\nEMPTY\nUNSET\nexport FROM')).toEqual({ FROM: 'outside', EMPTY: '' })
  })

  test('the last of a name wins', () => expect(read('A=1\nA=2')).toEqual({ A: '2' }))

  test('names may have dots, dashes and letters of any language', () => {
    expect(read('a.b-c=1\nü=2\nA[0]=3')).toEqual({ 'a.b-c': '1', ü: '2', 'A[0]': '3' })
  })

  test.each([
    ['A=1\nno line', 2, 'not a line of the form'],
    ['A=1\n=2', 2, 'not a line of the form'],
    ['A="1\n2', 1, 'quote is not closed'],
    ["\nA='1", 2, 'quote is not closed'],
    ['A="1"2', 1, 'follows the closing quote'],
    ['A=${', 1, 'Invalid template'],
    ['A=1\n\nB=${NEEDED:?say it}', 3, 'say it'],
  ])('%j is refused at line %i', (text, line, message) => {
    const { complaint } = parseDotenv(text, { lookup })
    expect(complaint).toMatchObject({ line, message: expect.stringContaining(message) })
  })

  test('says which variables counted as empty', () => {
    expect([...parseDotenv('A=$B$C\nB=1', { lookup }).missing]).toEqual(['B', 'C'])
  })

  test('has no more than the room it is given', () => {
    const text = `A=${'x'.repeat(100)}\nB=$A$A$A\nC=$B$B$B`
    expect(parseDotenv(text, { lookup, room: 500 }).complaint?.message).toMatch(/too large/)
  })
})

test('the raw format takes values as they stand', () => {
  const text = '# comment\nA="1" # $FROM\n  B= x \nFROM\nUNSET\nC=1\r\n\n=nameless\n'
  expect(Object.fromEntries(parseRawEnv(text, lookup))).toEqual({
    A: '"1" # $FROM',
    B: ' x ',
    FROM: 'outside',
    C: '1',
  })
})
