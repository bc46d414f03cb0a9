import { describe, expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../../../src/compose/limits.ts'
import { createProjectFiles, type RequestFiles } from '../../../src/compose/load/project-files.ts'
import { isRemote, resolvePath } from '../../../src/compose/load/project-path.ts'
import { parseCompose } from '../../../src/compose/parse.ts'
import { createReporter } from '../../../src/compose/report.ts'
import { load, troubleCodes } from '../load-kit.ts'

const WEB = 'services: {web: {image: a}}'

describe('paths', () => {
  test.each([
    ['', 'a', 'a'],
    ['', './a//b/', 'a/b'],
    ['d', 'a', 'd/a'],
    ['d', '../a', 'a'],
    ['d/e', '.././..', ''],
    ['', 'a/../b', 'b'],
    ['', 'a\\..\\b', 'a\\..\\b'],
    ['', '..a/...', '..a/...'],
  ])('from "%s", "%s" is "%s"', (directory, path, result) => {
    expect(resolvePath(directory, path)).toEqual({ ok: true, path: result })
  })

  test.each(['..', 'a/../..', '/a', '~/a', 'C:\\a', 'c:/a', '\\\\host\\a', '', 'a\0b'])(
    '%j is none',
    (path) => {
      expect(resolvePath('', path).ok).toBe(false)
    },
  )

  test.each(['https://a/b', 'git@a:b', 'oci://a', 'ssh://a', 'a.git', 'a.git#x', 'github.com/a/b'])(
    '%s is elsewhere',
    (path) => expect(isRemote(path)).toBe(true),
  )
})

describe('the files of a request', () => {
  const files: RequestFiles = { './a/b': 'text', 'a/c': { base64: '/w==' }, d: { base64: 'w7w=' } }
  const store = () => createProjectFiles(files, DEFAULT_LIMITS, createReporter(10))

  test('are found by their paths', () => {
    expect(store().text('a/b')).toEqual({ kind: 'text', text: 'text' })
    expect(store().text('a/c')).toEqual({ kind: 'binary' })
    expect(store().text('d')).toEqual({ kind: 'text', text: 'ü' })
    expect(store().text('e')).toEqual({ kind: 'absent' })
    expect(store().bytes('a/c')).toEqual(Buffer.from([255]))
    expect(store().below('a')).toEqual(['a/b', 'a/c'])
    expect(store().below('')).toEqual(['a/b', 'a/c', 'd'])
  })

  test('are wanted where they are not there', () => {
    const text =
      'include: [sub/x.yaml]\nservices: {web: {image: a, env_file: [w.env], extends: {file: b.yaml, service: b}}}'
    expect(load(text).filesWanted).toEqual(['.env', 'b.yaml', 'sub/x.yaml', 'w.env'])
    const files = {
      '.env': '',
      'b.yaml': 'services: {b: {image: b}}',
      'sub/x.yaml': 'services: {}',
      'w.env': '',
    }
    expect(load(text, files).filesWanted).toEqual(['sub/.env'])
  })

  test.each([
    ['a name that leaves the project', { '../a': '' }, 'INVALID_FILE_NAME'],
    ['an absolute name', { '/a': '' }, 'INVALID_FILE_NAME'],
    ['no name', { '.': '' }, 'INVALID_FILE_NAME'],
    ['the same file twice', { a: '', './a': '' }, 'INVALID_FILE_NAME'],
    ['bytes that are no base64', { a: { base64: '!' } }, 'INVALID_BASE64'],
  ])('%s is refused', (_, sent, code) => expect(troubleCodes(WEB, sent)).toEqual([code]))

  test('have limits, which are named', () => {
    const codeWith = (limits: object) =>
      parseCompose(
        { compose: WEB, env: {}, files: { a: '12345', b: '67890' } },
        { ...DEFAULT_LIMITS, ...limits },
      ).problems
    expect(codeWith({ files: 1 })).toMatchObject([
      { code: 'TOO_MANY_FILES', message: expect.stringContaining('limit 1') },
    ])
    expect(codeWith({ filesBytes: 9 })).toMatchObject([
      { code: 'FILES_TOO_LARGE', message: expect.stringContaining('limit 9') },
    ])
    expect(codeWith({ filesBytes: 10, files: 2 })).toEqual([])
  })
})
