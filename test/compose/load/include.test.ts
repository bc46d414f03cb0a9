import { describe, expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../../../src/compose/limits.ts'
import { parseCompose } from '../../../src/compose/parse.ts'
import { loaded, serviceOf, troubleCodes, troubles } from '../load-kit.ts'

const WEB = 'services: {web: {image: a}}\n'
const PART =
  'services: {part: {image: "p:$TAG", environment: [FROM_DOTENV, TAG], env_file: own.env, volumes: ["./d:/d"]}}'

describe('include', () => {
  test.each([
    ['a text', '[sub/part.yaml]'],
    ['a map', '[{path: ./sub/part.yaml}]'],
    ['a list of files', '[{path: [sub/part.yaml, sub/over.yaml]}]'],
  ])('of %s brings services, with paths and variables of its own', (_, include) => {
    const files = {
      'sub/part.yaml': PART,
      'sub/over.yaml': 'services: {part: {tty: true}}',
      'sub/.env': 'FROM_DOTENV=yes\nTAG=weak\n',
      'sub/own.env': 'OWN=1\n',
    }
    const service = serviceOf(
      loaded(`include: ${include}\n${WEB}`, files, { env: { TAG: 'strong' } }),
      'part',
    )
    expect(service.image).toBe('p:strong')
    expect(service.environment).toEqual({ OWN: '1', FROM_DOTENV: 'yes', TAG: 'strong' })
    expect(JSON.stringify(service.mounts)).toContain('"./sub/d"')
    expect(service.tty).toBe(include.includes('over'))
  })

  test('takes the project directory and the files of variables that it names', () => {
    const files = {
      'sub/part.yaml': PART,
      'other/own.env': 'OWN=2\n',
      'other/.env': 'TAG=unused\n',
      'a.env': 'TAG=a\nBOTH=a\n',
      'b.env': 'BOTH=b\nFROM_DOTENV=$BOTH\n',
    }
    const include = '[{path: sub/part.yaml, project_directory: other, env_file: [a.env, b.env]}]'
    expect(serviceOf(loaded(`include: ${include}\n${WEB}`, files), 'part')).toMatchObject({
      image: 'p:a',
      environment: { OWN: '2', FROM_DOTENV: 'a', TAG: 'a' },
    })
    const none = '[{path: sub/part.yaml, project_directory: other, env_file: /dev/null}]'
    expect(troubleCodes(`include: ${none}\n${WEB}`, files)).toContain('VARIABLE_NOT_SET')
  })

  test('goes deeper, each from its own folder', () => {
    const files = {
      'a/a.yaml': 'include: [b/b.yaml]\nservices: {a: {image: a}}',
      'a/b/b.yaml':
        'include: [../../c.yaml]\nservices: {b: {image: b, extends: {file: ./d.yaml, service: d}}}',
      'a/b/d.yaml': 'services: {d: {tty: true, configs: [x]}}\n',
      'c.yaml': 'services: {c: {image: c, networks: [n]}}\nnetworks: {n: {}}\nconfigs: {x: {file: ./x}}',
      x: 'content',
    }
    const spec = loaded(`include: [a/a.yaml]\n${WEB}`, files)
    expect(Object.keys(spec.services).sort()).toEqual(['a', 'b', 'c', 'web'])
    expect(serviceOf(spec, 'b').tty).toBe(true)
    expect(spec.networks).toHaveProperty('n')
    expect(spec.configs).toHaveProperty('x')
  })

  test('a later file may change what was included', () => {
    const spec = loaded([`include: [part.yaml]\n${WEB}`, 'services: {part: {tty: true}}'], {
      'part.yaml': 'services: {part: {image: p}}',
    })
    expect(serviceOf(spec, 'part')).toMatchObject({ image: 'p', tty: true })
  })

  test('the same part twice is one, a different one is a conflict', () => {
    const files = {
      'one.yaml': 'services: {part: {image: p, volumes: ["v:/v"]}}\nvolumes: {v: {}}',
      'two.yaml': 'services: {part: {image: p, volumes: ["v:/v"]}}\nvolumes:\n  v: {driver: local}',
    }
    expect(troubleCodes(`include: [one.yaml, one.yaml]\n${WEB}`, files)).toEqual([])
    expect(troubles(`include: [one.yaml, two.yaml]\n${WEB}`, files)).toEqual([
      'one.yaml:2:11 INCLUDE_CONFLICT volumes.v',
    ])
  })

  test('keys of an included file that mean nothing are told about', () => {
    const part = 'name: part\nx-own: 1\nservices: {part: {image: p}}\nservicess: {}\n'
    expect(troubles(`include: [part.yaml]\n${WEB}`, { 'part.yaml': part })).toEqual([
      'part.yaml:1:1 NO_EFFECT name',
      'part.yaml:4:1 UNKNOWN_KEY servicess',
    ])
  })
})

describe('include that can not be', () => {
  test.each([
    ['[none.yaml]', 'FILE_NOT_FOUND'],
    ['[/etc/compose.yaml]', 'PATH_OUTSIDE_PROJECT'],
    ['[sub/../../part.yaml]', 'PATH_OUTSIDE_PROJECT'],
    ['["C:/part.yaml"]', 'PATH_OUTSIDE_PROJECT'],
    ['[~/part.yaml]', 'PATH_OUTSIDE_PROJECT'],
    ['["https://a.example/compose.yaml"]', 'REMOTE_FILE'],
    ['["oci://a.example/image"]', 'REMOTE_FILE'],
    ['["git@a.example:a/b.git"]', 'REMOTE_FILE'],
    ['["github.com/a/b.git#main"]', 'REMOTE_FILE'],
    ['[{path: part.yaml, env_file: none.env}]', 'FILE_NOT_FOUND'],
    ['[{path: part.yaml, project_directory: ../up}]', 'PATH_OUTSIDE_PROJECT'],
    ['[{pat: part.yaml}]', 'UNKNOWN_KEY'],
    ['part.yaml', 'WRONG_TYPE'],
    ['[bytes.yaml]', 'FILE_NOT_TEXT'],
    ['[broken.yaml]', 'INVALID_YAML'],
    ['[{path: part.yaml, env_file: bad.env}]', 'INVALID_ENV_FILE'],
  ])('%s: %s', (include, code) => {
    const files = {
      'part.yaml': 'services: {part: {image: p}}',
      'broken.yaml': 'services: {part',
      'bad.env': 'no line',
      'bytes.yaml': { base64: '/w==' },
    }
    expect(troubleCodes(`include: ${include}\n${WEB}`, files)).toContain(code)
  })

  test('a cycle', () => {
    const files = {
      'a.yaml': 'include: [b.yaml]\n',
      'b.yaml': 'include: [a.yaml]\nservices: {b: {image: b}}',
    }
    expect(troubles(`include: [a.yaml]\n${WEB}`, files)).toEqual(['b.yaml:1:11 INCLUDE_CYCLE include[0]'])
  })

  test('too many files, however few there are', () => {
    const files = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [
        `f${index}.yaml`,
        index === 19 ? 'services: {x: {image: x}}' : `include: [f${index + 1}.yaml, f${index + 1}.yaml]`,
      ]),
    )
    expect(troubleCodes(`include: [f0.yaml]\n${WEB}`, files)).toEqual(['TOO_MANY_FILES'])
  })

  test('too deep', () => {
    const files = { 'a.yaml': 'include: [b.yaml]', 'b.yaml': 'include: [c.yaml]', 'c.yaml': WEB }
    const limits = { ...DEFAULT_LIMITS, loadDepth: 2 }
    const { problems } = parseCompose({ compose: 'include: [a.yaml]', env: {}, files }, limits)
    expect(problems).toMatchObject([{ code: 'FILES_NESTED_TOO_DEEP', file: 'b.yaml' }])
  })
})
