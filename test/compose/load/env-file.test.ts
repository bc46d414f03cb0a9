import { describe, expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../../../src/compose/limits.ts'
import { parseCompose } from '../../../src/compose/parse.ts'
import { load, loaded, serviceOf, troubles } from '../load-kit.ts'

const FILES = {
  'a.env': 'A=1\nBOTH=a\nQ="x y" # comment\n',
  'sub/b.env': 'BOTH=b\nC=$A-$OUTER-${OWN}\nOUTER\n',
  bytes: { base64: Buffer.from('A=ü\n').toString('base64') },
}

function web(lines: string, env: Record<string, string> = {}) {
  return serviceOf(loaded(`services:\n  web:\n    image: a\n    ${lines}\n`, FILES, { env }))
}

describe('env_file', () => {
  test.each([
    ['a text', 'env_file: a.env', { A: '1', BOTH: 'a', Q: 'x y' }],
    ['a list', 'env_file: [a.env]', { A: '1', BOTH: 'a', Q: 'x y' }],
    ['a map', 'env_file: [{path: ./a.env}]', { A: '1', BOTH: 'a', Q: 'x y' }],
    ['raw', 'env_file: [{path: a.env, format: raw}]', { A: '1', BOTH: 'a', Q: '"x y" # comment' }],
    ['one that is not there', 'env_file: [{path: none.env, required: false}]', {}],
    ['base64', 'env_file: bytes', { A: 'ü' }],
  ])('%s', (_, lines, environment) => expect(web(lines).environment).toEqual(environment))

  test('a later file wins, and environment over all', () => {
    const lines = 'env_file: [a.env, sub/b.env]\n    environment: {Q: mine, OWN: own}'
    expect(web(lines, { OUTER: 'o' }).environment).toEqual({
      A: '1',
      BOTH: 'b',
      Q: 'mine',
      C: '-o-own',
      OUTER: 'o',
      OWN: 'own',
    })
  })

  test('a variable without a value hides one of a file, unless the request has it', () => {
    const lines = 'env_file: a.env\n    environment: [A, BOTH]'
    expect(web(lines, { BOTH: 'r' }).environment).toEqual({ BOTH: 'r', Q: 'x y' })
  })

  test.each([
    ['env_file: none.env', '4:15 FILE_NOT_FOUND services.web.env_file'],
    ['env_file: [a.env, ../x.env]', '4:23 PATH_OUTSIDE_PROJECT services.web.env_file[1]'],
    ['env_file: [{path: a.env, format: yaml}]', '4:38 INVALID_VALUE services.web.env_file[0].format'],
    ['env_file: [{format: raw}]', '4:16 MISSING_KEY services.web.env_file[0]'],
  ])('%s: %s', (lines, trouble) => {
    expect(troubles(`services:\n  web:\n    image: a\n    ${lines}\n`, FILES)).toEqual([
      `compose.yaml:${trouble}`,
    ])
  })

  test('a line that is none is told with its place in that file, and no value', () => {
    const files = { 'a.env': 'A=secret\nB="secret\n' }
    const text = 'services: {web: {image: a, env_file: a.env}}'
    expect(troubles(text, files)).toEqual(['a.env:2:3 INVALID_ENV_FILE services.web.env_file'])
    expect(JSON.stringify(load(text, files).problems)).not.toContain('secret')
  })

  test('can not be read over and over', () => {
    const lines = Array.from(
      { length: 100 },
      (_, index) => `  s${index}: {image: a, env_file: big.env}`,
    ).join('\n')
    const limits = { ...DEFAULT_LIMITS, envFileCharacters: 5_000 }
    const files = { 'big.env': `A=${'x'.repeat(100)}\n` }
    const { problems } = parseCompose({ compose: `services:\n${lines}\n`, env: {}, files }, limits)
    expect(problems.map(({ code }) => code)).toEqual(['FILES_TOO_LARGE'])
  })
})

test('label_file: a later file wins, and labels over all', () => {
  const files = { one: 'a=1\nb=1\nc=1\n', two: 'b=2\nc=2\n' }
  const text = 'services: {web: {image: a, label_file: [one, two], labels: [c=3]}}'
  expect(serviceOf(loaded(text, files)).labels).toEqual({ a: '1', b: '2', c: '3' })
})

describe('.env', () => {
  test('fills in variables, after those of the request', () => {
    const text = 'services: {web: {image: "a:$TAG", environment: [TAG, OTHER]}}'
    const files = { '.env': 'TAG=file\nOTHER=${TAG}!\n' }
    expect(serviceOf(loaded(text, files))).toMatchObject({
      image: 'a:file',
      environment: { TAG: 'file', OTHER: 'file!' },
    })
    expect(serviceOf(loaded(text, files, { env: { TAG: 'asked' } }))).toMatchObject({
      image: 'a:asked',
      environment: { TAG: 'asked', OTHER: 'asked!' },
    })
  })

  test('that is wrong is told with its place', () => {
    expect(troubles('services: {web: {image: a}}', { '.env': 'A=1\nB C\n' })).toEqual([
      '.env:2:1 INVALID_ENV_FILE ',
    ])
  })
})
