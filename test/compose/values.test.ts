import { describe, expect, test } from 'vitest'
import { parseBytes } from '../../src/compose/values/bytes.ts'
import { parseDurationMs } from '../../src/compose/values/duration.ts'
import { splitWords } from '../../src/compose/values/words.ts'

describe('words of a command line', () => {
  test.each<[string, string[] | null]>([
    ['', []],
    ['  a  b\t c\n', ['a', 'b', 'c']],
    [`'a b' "c d"`, ['a b', 'c d']],
    [`a"b c"'d e'f`, ['ab cd ef']],
    [`'' ""`, ['', '']],
    ['a\\ b \\"c', ['a b', '"c']],
    [String.raw`'a\\b'"c"`, [String.raw`a\\bc`]],
    [String.raw`"a\"b\\c\$d\e"`, [String.raw`a"b\c$d\e`]],
    ['a \\\n b', ['a', 'b']],
    ['$HOME && `x` | $(y) # z', ['$HOME', '&&', '`x`', '|', '$(y)', '#', 'z']],
    [`it's`, null],
    ['"a', null],
    ['a\\', null],
  ])('%j', (text, words) => expect(splitWords(text)).toEqual(words))

  test('are split in time with the text', () => {
    const text = `"${'a\\"'.repeat(300_000)}" ${`'x'y `.repeat(100_000)}`
    expect(splitWords(text)).toHaveLength(100_001)
    expect(splitWords(`"${'a'.repeat(1_000_000)}`)).toBeNull()
  })
})

describe('durations', () => {
  test.each([
    ['90s', 90_000],
    ['1m30s', 90_000],
    ['1.5h', 5_400_000],
    ['1d2h', 93_600_000],
    ['2w', 1_209_600_000],
    ['100ms', 100],
    ['1500us', 2],
    ['10ns', 1],
    ['0', 0],
    ['0s', 0],
    ['0.1s', 100],
  ])('%s is %i ms', (text, milliseconds) => expect(parseDurationMs(text)).toBe(milliseconds))

  test.each(['', '5', '-5s', 's', '5 s', '1h30', '5y', '1e3s', `${'9'.repeat(30)}w`])(
    '%j is none',
    (text) => {
      expect(parseDurationMs(text)).toBeNull()
    },
  )
})

describe('sizes', () => {
  test.each([
    ['1024', 1024],
    ['5b', 5],
    ['1k', 1024],
    ['1kb', 1024],
    ['1KiB', 1024],
    ['50M', 52_428_800],
    ['1.5g', 1_610_612_736],
    ['2 GB', 2_147_483_648],
    ['1t', 1_099_511_627_776],
  ])('%s is %i bytes', (text, bytes) => expect(parseBytes(text)).toBe(bytes))

  test.each(['', '-1', 'm', '5x', '1.m', '0x10', '99999999999p'])('%j is none', (text) => {
    expect(parseBytes(text)).toBeNull()
  })
})
