// `tycho config`, run as people run it.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { load } from 'js-yaml'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { program, programEnvironment } from '../kit/program.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tycho-config-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function put(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), text)
}

function config(args: readonly string[] = [], env: Record<string, string> = {}, input = '') {
  const options = {
    cwd: folder,
    input,
    encoding: 'utf8',
    env: programEnvironment(env),
  } as const
  const { status, stdout, stderr } = spawnSync(program('src/cli/main.ts'), ['config', ...args], options)
  return { status, stdout, stderr }
}

describe('tycho config', () => {
  test('prints the canonical form as YAML', () => {
    put('one.yml', 'name: desk\nservices: {web: {image: nginx, ports: ["80:8080"]}}\n')
    const { status, stdout, stderr } = config(['-f', 'one.yml'])
    expect([status, stderr]).toEqual([0, ''])
    expect(load(stdout)).toEqual({
      name: 'desk',
      services: {
        web: {
          image: 'nginx',
          ports: [{ mode: 'ingress', target: 8080, published: '80', protocol: 'tcp' }],
          networks: { default: null },
        },
      },
      networks: { default: { name: 'desk_default' } },
    })
  })

  test('merges files, and prints JSON', () => {
    put('one.yml', 'services: {web: {image: "nginx:1", environment: {A: one}}}\n')
    put('two.yml', 'services: {web: {image: "nginx:2", environment: {B: two}}}\n')
    const { stdout } = config(['-f', 'one.yml', '-f', 'two.yml', '--format', 'json', '-n', 'both'])
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'both',
      services: { web: { image: 'nginx:2', environment: { A: 'one', B: 'two' } } },
    })
  })

  test('takes the default file, what overrides it, and the files that they name', () => {
    put(
      'compose.yaml',
      'include: [parts/db.yaml]\nservices: {web: {image: "nginx:${TAG}", env_file: web.env}}\n',
    )
    put('compose.override.yaml', 'services: {web: {labels: {a: b}}}\n')
    put('parts/db.yaml', 'services: {db: {image: redis}}\n')
    put('web.env', 'LEVEL=7\n')
    put('.env', 'TAG=9\n')
    const { status, stdout } = config(['--json'])
    expect(status).toBe(0)
    expect(JSON.parse(stdout).services).toMatchObject({
      web: { image: 'nginx:9', environment: { LEVEL: '7' }, labels: { a: 'b' } },
      db: { image: 'redis' },
    })
  })

  test('prefers --env to the shell, and the shell to a file of variables', () => {
    put('compose.yaml', 'services: {web: {image: "x:1", environment: ["V=$A$B$C", D]}}\n')
    put('own.env', 'A=file\nB=file\nC=file\n')
    const { stdout } = config(['--env-file', 'own.env', '--env', 'A=option', '--json'], {
      A: 'shell',
      B: 'shell',
      D: 'passed on',
    })
    expect(JSON.parse(stdout).services.web.environment).toEqual({ V: 'optionshellfile', D: 'passed on' })
  })

  test('turns profiles on by option and by variable', () => {
    put('compose.yaml', 'services: {a: {image: x}, b: {image: x, profiles: [debug]}}\n')
    const names = (result: { stdout: string }) => Object.keys(JSON.parse(result.stdout).services)
    expect(names(config(['--json']))).toEqual(['a'])
    expect(names(config(['--json', '--profile', 'debug']))).toEqual(['a', 'b'])
    expect(names(config(['--json'], { COMPOSE_PROFILES: 'debug' }))).toEqual(['a', 'b'])
  })

  test('says on standard error what is wrong, with file, line and column', () => {
    put('parts/bad.yaml', 'services:\n  db:\n    imag: redis\n')
    const { status, stdout, stderr } = config(['-f', '-'], {}, 'include: [parts/bad.yaml]\n')
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain('parts/bad.yaml:3:5: error UNKNOWN_KEY')
    expect(stderr).toContain('    imag: redis\n        ^')
  })

  test('answers with a document of the problems under --json', () => {
    put('compose.yaml', 'services: {a: {imagine: x}}\n')
    const { status, stdout, stderr } = config(['--json'])
    expect([status, stderr]).toEqual([2, ''])
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'INVALID_SYSTEM',
      problems: [{ severity: 'error' }, {}],
    })
  })

  test('is bad usage without a file, or with one that is not there', () => {
    expect(config().stderr).toContain('Name a Compose file with -f')
    expect(config(['-f', 'none.yml'])).toMatchObject({ status: 2, stdout: '' })
    expect(config(['--format', 'xml']).status).toBe(2)
  })
})
