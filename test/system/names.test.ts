import { describe, expect, test } from 'vitest'
import {
  checkSystemName,
  cutLabel,
  generateSystemName,
  isSystemName,
  normaliseProjectName,
  toDnsLabel,
  toFreshName,
  toSystemName,
} from '../../src/system/names.ts'

describe('names of systems', () => {
  test.each(['a', 'demo', 'a-1', 'a--b', 'a'.repeat(40)])('%s is one', (name) => {
    expect(isSystemName(name)).toBe(true)
    expect(checkSystemName(name)).toEqual([])
  })

  test.each(['', '1a', '-a', 'a-', 'A', 'a_b', 'a.b', 'a'.repeat(41)])(
    '%j is none, and a near one is named',
    (name) => {
      expect(isSystemName(name)).toBe(false)
      const [problem] = checkSystemName(name)
      expect(problem).toMatchObject({ code: 'INVALID_NAME', severity: 'error', path: 'name' })
      const near = toSystemName(name)
      if (near !== null) expect(problem?.message).toContain(`\`${near}\``)
    },
  )

  test.each([
    ['MyProject', 'myproject'],
    ['_my.App 2', 'myapp2'],
    ['--a_b-', 'a_b-'],
    ['ÄÖ', ''],
  ])('the project name %s is %s in its normal form', (text, normal) =>
    expect(normaliseProjectName(text)).toBe(normal),
  )

  test.each([
    ['my_app', 'my-app'],
    ['2048', 's-2048'],
    ['sample/jupyter', 'sample-jupyter'],
    ['_-_', null],
    ['', null],
  ])('%s becomes the system %s', (text, name) => expect(toSystemName(text)).toBe(name))

  test('long names are cut so that they stay different', () => {
    const one = toSystemName(`${'a'.repeat(60)}1`) ?? ''
    const other = toSystemName(`${'a'.repeat(60)}2`) ?? ''
    expect([one, other].every(isSystemName)).toBe(true)
    expect(one).not.toBe(other)
  })

  test('a generated name is a name', () => {
    expect(generateSystemName()).toSatisfy(isSystemName)
    expect(generateSystemName(() => 0)).toBe('system-bbbbbbbb')
  })

  test('a fresh name is another one, and not longer than allowed', () => {
    expect(toFreshName('demo', () => 1)).toBe('demo-ccccc')
    expect(toFreshName(`${'a'.repeat(33)}-bcdefg`)).toSatisfy(isSystemName)
  })
})

describe('labels', () => {
  test.each([
    ['My_Db.1', 'my-db-1'],
    ['my__db', 'my--db'],
    ['_a_', 'a'],
    ['...', ''],
  ])('%s is %s in DNS', (text, label) => expect(toDnsLabel(text)).toBe(label))

  test('are cut with a hash, never at a dash', () => {
    expect(cutLabel('short', 63)).toBe('short')
    const cut = cutLabel(`${'a'.repeat(53)}-${'b'.repeat(30)}`, 63)
    expect(cut).toMatch(/^a{53}-[0-9a-f]{8}$/)
  })
})
