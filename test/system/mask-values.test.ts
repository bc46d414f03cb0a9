import { describe, expect, it } from 'vitest'
import { createValueMasker, maskWhole } from '../../src/system/mask-values.ts'
import { createMasker } from '../../src/system/secret-values.ts'

const mask = (text: string, ...values: string[]) => createValueMasker(values)(text)

describe('known values', () => {
  it('are masked wherever they stand, and nothing else is', () => {
    expect(mask('abc xabcx ab c', 'abc')).toBe('••• x•••x ab c')
    expect(mask('aaaaa', 'aa')).toBe('••••a')
    expect(mask('abc', 'abcd')).toBe('abc')
    expect(mask('abc')).toBe('abc')
  })

  it('are masked by the longer one where one is a part of another', () => {
    expect(mask('secret-token secret', 'secret', 'secret-token')).toBe('•••••••••••• ••••••')
  })

  it('are found among many of the same length, as a plain search finds them', () => {
    const values = Array.from({ length: 300 }, (_, index) => `key${String(index).padStart(4, '0')}`)
    const text = values
      .map((value, index) => `${value.slice(0, 6)}x ${index % 3 === 0 ? value : ''}`)
      .join(' ')
    const plain = values.reduce((left, value) => left.replaceAll(value, '•'.repeat(value.length)), text)
    expect(mask(text, ...values)).toBe(plain)
  })

  it('keep line breaks and indentation', () => {
    expect(maskWhole('ab c\r\n  d\n\n')).toBe('••••\r\n  •\n\n')
  })

  it('hide the whole text where looking for them would take too long', () => {
    const values = Array.from({ length: 500 }, (_, index) => 'a'.repeat(index + 10))
    const text = `plain words ${'b'.repeat(100_000)}`
    expect(createMasker(values)(text)).toBe(maskWhole(text))
  })
})

describe('a long word without an end', () => {
  it('is read once', () => {
    const text = 'x'.repeat(2_000_000)
    expect(createMasker([])(text)).toBe(text)
  })
})
