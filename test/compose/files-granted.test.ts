import { describe, expect, test } from 'vitest'
import { problemsOf, specOf, webFile } from './kit.ts'

function grantOf(grant: string) {
  return specOf(`${webFile(`secrets:\n  - ${grant}`)}secrets: {key: {file: ./key}}\n`).services.web
    ?.secrets[0]
}

describe('secrets and configs of a service', () => {
  test.each(['key', '{source: key}'])('%s', (grant) => {
    expect(grantOf(grant)).toEqual({ source: 'key', target: null, uid: null, gid: null, mode: null })
  })

  test.each(['0440', '0o440', '"0440"', '"440"', '288'])('mode %s is octal 440', (mode) => {
    expect(grantOf(`{source: key, mode: ${mode}}`)?.mode).toBe(0o440)
  })

  test('a name that is not there is refused, at its place', () => {
    const text = `${webFile('secrets: [kye]\nconfigs: [c]')}secrets: {key: {file: x}}\n`
    expect(problemsOf(text).slice(0, 2)).toEqual([
      'UNDEFINED_SECRET services.web.secrets[0]',
      'UNDEFINED_CONFIG services.web.configs[0]',
    ])
  })
})

describe('secrets and configs at the top', () => {
  const sourceOf = (config: string) =>
    specOf(`${webFile('configs: [c]')}configs: {c: ${config}}\n`, { V: 'value' }).configs.c?.source

  test.each([
    ['{file: ./a}', { kind: 'file' }],
    ['{content: "a $V"}', { kind: 'content', content: 'a value' }],
    ['{environment: V}', { kind: 'environment', variable: 'V', value: 'value' }],
    ['{environment: W}', { kind: 'environment', variable: 'W', value: null }],
    ['{external: true}', { kind: 'external' }],
  ])('%s', (config, source) => expect(sourceOf(config)).toMatchObject(source))

  test('come from one place', () => {
    const problems = (config: string) => problemsOf(`${webFile('configs: [c]')}configs: {c: ${config}}\n`)
    expect(problems('{}')).toEqual(['MISSING_KEY configs.c'])
    expect(problems('{file: a, content: b}')).toEqual(['CONFLICTING_KEYS configs.c.content'])
    expect(problemsOf(`${webFile('secrets: [s]')}secrets: {s: {name: x}}\n`)).toEqual([
      'MISSING_KEY secrets.s',
    ])
  })
})
