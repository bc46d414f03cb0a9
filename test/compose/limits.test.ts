import { describe, expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../../src/compose/limits.ts'
import { parseCompose } from '../../src/compose/parse.ts'
import { boundOf, stepsOf } from './fuzz/steps.ts'
import { codesOf, parse, webFile } from './kit.ts'

const WEB = 'services: {web: {image: nginx}}\n'

function bomb(width: number, levels: number): string {
  const names = Array.from({ length: levels }, (_, index) => `a${index}`)
  const lines = names.map((name, index) =>
    index === 0
      ? `x-${name}: &${name} {k: v}`
      : `x-${name}: &${name} [${Array(width)
          .fill(`*a${index - 1}`)
          .join(', ')}]`,
  )
  return `${lines.join('\n')}\n${WEB}`
}

describe('limits', () => {
  test.each([
    ['an alias bomb', bomb(9, 10), 'ALIAS_LIMIT'],
    ['a slim alias bomb', bomb(3, 11), 'ALIAS_LIMIT'],
    ['a deep alias bomb', bomb(1, 200), 'NESTING_TOO_DEEP'],
    [
      'a bomb of merge keys',
      `x-a: &a {${keys(2_000)}}\nx-b: [${'{<<: *a}, '.repeat(100)}]\n${WEB}`,
      'ALIAS_LIMIT',
    ],
    [
      'merges inside merges',
      `x-a: ${'{<<: '.repeat(90)}{${keys(2_000)}}${'}'.repeat(90)}\n${WEB}`,
      'ALIAS_LIMIT',
    ],
    ['deep lists', '['.repeat(500_000), 'NESTING_TOO_DEEP'],
    ['deep maps', '{a: '.repeat(200_000), 'NESTING_TOO_DEEP'],
    ['deep blocks', '- '.repeat(500_000), 'NESTING_TOO_DEEP'],
    ['a large text', `${WEB}#${'x'.repeat(DEFAULT_LIMITS.textBytes)}`, 'COMPOSE_TOO_LARGE'],
    [
      'a text that is large in UTF-8',
      `${WEB}#${'ü'.repeat(DEFAULT_LIMITS.textBytes / 2)}`,
      'COMPOSE_TOO_LARGE',
    ],
  ])('%s is refused after little work', (_, text, code) => {
    expect(codesOf(text)).toEqual([code])
    const parsed = parse(text)
    // It is counted before an alias is followed, so the one that is too much counts as well.
    expect(parsed.meter.aliasNodes).toBeLessThan(2 * DEFAULT_LIMITS.aliasNodes)
    expect(stepsOf(parsed)).toBeLessThanOrEqual(boundOf(text.length, parsed))
  })

  test('an honest file may use aliases', () => {
    const services = Array.from({ length: 500 }, (_, index) => `  s${index}: {<<: *base}`).join('\n')
    expect(
      codesOf(`x-base: &base {image: nginx, environment: {A: 1, B: 2}}\nservices:\n${services}\n`),
    ).toEqual([])
  })

  test('JSON has the same limits', () => {
    const deep = JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`)
    expect(codesOf({ 'x-a': deep })).toEqual(['NESTING_TOO_DEEP'])
    expect(codesOf({ 'x-a': 'x'.repeat(DEFAULT_LIMITS.textBytes) })).toEqual(['COMPOSE_TOO_LARGE'])
  })

  test('variables cannot blow a file up', () => {
    const text = webFile(`command: "${'$A'.repeat(1_000)}"`)
    expect(codesOf(text, { A: 'x'.repeat(10_000) })).toEqual(['COMPOSE_TOO_LARGE'])
  })

  test('a service has no more ports than allowed, and none is made beyond that', () => {
    expect(codesOf(webFile(`ports: [${'"1-65535:1-65535", '.repeat(1_000)}]`))).toEqual(['TOO_MANY_PORTS'])
    expect(codesOf(webFile('expose: [1-65535]'))).toEqual(['TOO_MANY_PORTS'])
  })

  test('the number of services and of problems is bounded and named', () => {
    const limits = { ...DEFAULT_LIMITS, services: 2, problems: 3 }
    const text = 'services: {a: {image: x}, b: {image: x}, c: {image: x}}\n'
    const { problems } = parseCompose({ compose: text, env: {} }, limits)
    expect(problems).toMatchObject([{ code: 'TOO_MANY_SERVICES', message: expect.stringContaining('2') }])
    const many = parseCompose({ compose: 'a: 1\nb: 1\nc: 1\nd: 1\ne: 1\n', env: {} }, limits).problems
    expect(many.map(({ code }) => code)).toEqual([...Array(3).fill('UNKNOWN_KEY'), 'TOO_MANY_PROBLEMS'])
  })
})

function keys(count: number): string {
  return Array.from({ length: count }, (_, index) => `k${index}: 1`).join(', ')
}
