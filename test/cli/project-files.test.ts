import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { printProblems, withFileOf } from '../../src/cli/problems.ts'
import { gatherFiles } from '../../src/cli/project-files.ts'
import { composeOf, readSources, type Source } from '../../src/cli/source.ts'
import { collectVariables } from '../../src/cli/variables.ts'
import type { Problem } from '../../src/problem.ts'

const SHELL: Record<string, string> = { ALONE: 'alone', USED: 'used', PASSED: 'passed', OTHER: 'secret' }

const readShell = (names: readonly string[]) =>
  Object.fromEntries(Object.entries(SHELL).filter(([name]) => names.includes(name)))

/** A folder with these files, for as long as the test runs. */
function folderWith(files: Record<string, string | Uint8Array>): Disposable & { path: string } {
  const path = mkdtempSync(join(tmpdir(), 'tycho-files-'))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true })
    writeFileSync(join(path, name), content)
  }
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}

async function gather(folder: string, profiles?: string[]) {
  const source = await readSources([join(folder, 'compose.yaml')], Readable.from([]))
  return gatherFiles(source, profiles, (each) => collectVariables(each, {}, readShell))
}

describe('the files that are sent with a Compose file', () => {
  it('are those of the folder that an image without a name is built from, as far as they belong to it', async () => {
    using folder = folderWith({
      'compose.yaml': 'services: {web: {build: app}, pulled: {build: other, image: a}}',
      'app/Dockerfile': 'FROM scratch\nENV A=$ALONE\n',
      'app/.dockerignore': 'node_modules\n',
      'app/src/main.js': '',
      'app/node_modules/lib/index.js': '',
      'other/Dockerfile': 'FROM scratch\n',
    })
    const { files, env } = await gather(folder.path)
    expect(Object.keys(files).sort()).toEqual(['app/.dockerignore', 'app/Dockerfile', 'app/src/main.js'])
    expect(env).toEqual({})
  })

  it('are those that it names, and those that these name', async () => {
    using folder = folderWith({
      'compose.yaml': 'include: ["$DIR/part.yaml"]\nservices: {web: {image: a, env_file: a.env}}',
      '.env': 'DIR=sub\nNOT_USED=1\n',
      'a.env': 'ALONE\nB=$USED\n',
      'unnamed.env': 'C=1',
      'sub/part.yaml': 'services: {part: {extends: {file: base/base.yaml, service: base}}}',
      'sub/.env': 'D=1\n',
      'sub/base/base.yaml': 'services: {base: {image: b, environment: [PASSED], label_file: l}}',
      'sub/base/l': new Uint8Array([0xff]),
    })
    const { files, env } = await gather(folder.path)
    expect(Object.keys(files).sort()).toEqual([
      'a.env',
      'sub/.env',
      'sub/base/base.yaml',
      'sub/base/l',
      'sub/part.yaml',
    ])
    expect(files['sub/base/l']).toEqual({ base64: '/w==' })
    expect(env).toEqual({ DIR: 'sub', ALONE: 'alone', USED: 'used', PASSED: 'passed' })
  })

  it('are those of the profiles that are on', async () => {
    using folder = folderWith({
      'compose.yaml': 'services: {web: {image: a}, b: {image: b, profiles: [p], env_file: b.env}}',
      'b.env': 'B=1\n',
    })
    expect((await gather(folder.path)).files).toEqual({})
    expect((await gather(folder.path, ['p'])).files).toEqual({ 'b.env': 'B=1\n' })
  })

  it('lie in the folder of the file, whatever links say', async () => {
    using outside = folderWith({ secret: 'A=1\n' })
    using folder = folderWith({
      'compose.yaml': 'services: {web: {image: a, env_file: [link, ../secret, dir, none]}}',
      'dir/x': '',
    })
    symlinkSync(join(outside.path, 'secret'), join(folder.path, 'link'))
    expect((await gather(folder.path)).files).toEqual({})
  })
})

describe('several Compose files', () => {
  it('are sent in their order', async () => {
    using folder = folderWith({ 'a.yaml': 'a', 'b.yaml': 'b' })
    const [a, b] = ['a.yaml', 'b.yaml'].map((name) => join(folder.path, name))
    const source = await readSources([a ?? '', '-', b ?? ''], Readable.from(['piped']))
    expect(composeOf(source)).toEqual(['a', 'piped', 'b'])
    expect(composeOf(await readSources([a ?? ''], Readable.from([])))).toBe('a')
    await expect(readSources(['-', '-'], Readable.from([]))).rejects.toThrow('read once')
  })

  it('have their problems told in their own names', () => {
    const source: Source = {
      path: 'd/a.yaml',
      label: 'd/a.yaml',
      text: 'one',
      others: [{ path: 'b.yaml', label: 'b.yaml', text: 'two' }],
      files: { 'sub/c.env': 'three' },
    }
    const at = (file: string): Problem => ({
      code: 'X',
      severity: 'error',
      path: '',
      file,
      line: 1,
      column: 1,
      message: 'm',
    })
    const problems = ['compose[0]', 'compose[1]', 'sub/c.env', 'compose.yaml'].map(at)
    const names = ['d/a.yaml', 'b.yaml', join('d', 'sub/c.env'), 'd/a.yaml']
    expect(withFileOf(problems, source).map(({ file }) => file)).toEqual(names)
    const lines = printProblems(problems, source, (_style, text) => text)
    expect(lines.filter((line) => /^ {4}\w/.test(line))).toEqual([
      '    one',
      '    two',
      '    three',
      '    one',
    ])
  })
})
