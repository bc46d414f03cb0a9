// The set-up of a fresh machine. What installs packages is tried on a fresh machine itself; here: when it acts, and
// what it says.
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hasPlace } from '../../scripts/setup/docker.mjs'
import { root } from '../kit/program.ts'
import { temporaryFolder } from './kit.ts'

type Ended = { code: number; stdout: string; stderr: string }

function setUp(folder: string, env: Record<string, string>): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(folder, 'scripts/setup.mjs')], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    )
  })
}

const withRedis = { TYCHO_REDIS_URL: 'redis://127.0.0.1:6379' }

/** A project with one package of its own, so that no registry is needed, and an empty folder for programs. */
function project(): Disposable & { path: string; programs: string } {
  const folder = temporaryFolder()
  const { path } = folder
  const programs = join(path, 'programs')
  for (const name of ['programs', 'part']) mkdirSync(join(path, name))
  cpSync(join(root, 'scripts'), join(path, 'scripts'), { recursive: true })
  const whole = { name: 'whole', version: '1.0.0', dependencies: { part: 'file:part' } }
  const part = { name: 'part', version: '1.0.0' }
  writeFileSync(join(path, 'package.json'), JSON.stringify(whole))
  writeFileSync(join(path, 'part/package.json'), JSON.stringify(part))
  // npm 9 copies such packages by default, others link them.
  writeFileSync(join(path, '.npmrc'), 'install-links=false\n')
  lock(path, { '': whole, part, 'node_modules/part': { resolved: 'part', link: true } })
  return { path, programs, [Symbol.dispose]: () => folder[Symbol.dispose]() }
}

/** The project as `npm ci` leaves it, with one package. */
function install(path: string, packages: object): void {
  mkdirSync(join(path, 'node_modules'), { recursive: true })
  writeFileSync(join(path, 'node_modules/.package-lock.json'), JSON.stringify({ packages }))
}

function lock(path: string, packages: object): void {
  const whole = { name: 'whole', version: '1.0.0', lockfileVersion: 3, requires: true, packages }
  writeFileSync(join(path, 'package-lock.json'), JSON.stringify(whole))
}

/** A stand-in for npm: the real one is not asked to fail on demand. */
function failingNpm(programs: string): string {
  writeFileSync(join(programs, 'npm'), '#!/bin/sh\necho "npm was asked: $*"\nexit 7\n', { mode: 0o755 })
  return `${programs}:/bin`
}

describe('the set-up', () => {
  it('says nothing when all is there', async () => {
    const path = `${dirname(process.execPath)}:${process.env.PATH}`
    expect(await setUp(root, { ...withRedis, PATH: path })).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it('installs what the lock file names when nothing is there', async () => {
    using fresh = project()
    const ended = await setUp(fresh.path, { ...withRedis, PATH: process.env.PATH ?? '', HOME: fresh.path })
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(ended.stdout).toMatch(/^tycho: installing the dependencies .*\n.*done in \d+ s\n$/)
  })

  it.each([
    [
      'an older version',
      { 'node_modules/a': { version: '1.0.0' } },
      { 'node_modules/a': { version: '1.0.1' } },
    ],
    [
      'another content',
      { 'node_modules/a': { version: '1.0.0', integrity: 'x' } },
      { 'node_modules/a': { version: '1.0.0', integrity: 'y' } },
    ],
    ['less', {}, { 'node_modules/a': { version: '1.0.0' } }],
  ])('installs again when %s is there', async (_what, there, wanted) => {
    using old = project()
    install(old.path, there)
    lock(old.path, wanted)
    const ended = await setUp(old.path, { ...withRedis, PATH: failingNpm(old.programs) })
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('npm was asked: ci --include=dev'),
    })
  })

  it('does not miss packages for other platforms', async () => {
    using good = project()
    install(good.path, { 'node_modules/a': { version: '1.0.0' } })
    lock(good.path, {
      '': {},
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version: '2.0.0', optional: true },
    })
    const ended = await setUp(good.path, { ...withRedis, PATH: failingNpm(good.programs) })
    expect(ended).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it('says in a sentence what to do without a Redis that it can install', async () => {
    using bare = project()
    install(bare.path, {})
    lock(bare.path, {})
    const ended = await setUp(bare.path, { PATH: bare.programs })
    expect(ended).toMatchObject({ code: 1, stdout: '' })
    expect(ended.stderr).toContain('Install redis-server or valkey-server')
    expect(ended.stderr).toContain(
      '"docker run -d -p 127.0.0.1:6379:6379 redis:7-alpine" and set TYCHO_REDIS_URL=',
    )
  })

  it('takes Valkey for Redis', async () => {
    using good = project()
    install(good.path, {})
    lock(good.path, {})
    symlinkSync('/bin/true', join(good.programs, 'valkey-server'))
    expect(await setUp(good.path, { PATH: good.programs })).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it('runs once when it is started twice', async () => {
    using fresh = project()
    const env = { ...withRedis, PATH: process.env.PATH ?? '', HOME: fresh.path }
    const both = await Promise.all([setUp(fresh.path, env), setUp(fresh.path, env)])
    expect(both.map(({ code }) => code)).toEqual([0, 0])
    expect(
      both
        .map(({ stdout }) => stdout)
        .join('')
        .match(/done in/g),
    ).toHaveLength(1)
  })

  it('takes over the lock of a set-up that was killed', async () => {
    using stale = project()
    mkdirSync(join(stale.path, '.tycho'))
    writeFileSync(join(stale.path, '.tycho/setup.lock'), '999999999\n')
    const env = { ...withRedis, PATH: process.env.PATH ?? '', HOME: stale.path }
    expect(await setUp(stale.path, env)).toMatchObject({ code: 0 })
    expect(() => readFileSync(join(stale.path, '.tycho/setup.lock'))).toThrow('ENOENT')
  })
})

describe('Docker, which npm start runs systems on where there is nothing else', () => {
  const bare = {
    env: {} as Record<string, string>,
    home: '/nonexistent',
    mayInstall: () => true,
    hasDocker: () => false,
  }
  const isInstalled = (machine: Partial<typeof bare>) => !hasPlace('/nonexistent', { ...bare, ...machine })

  it('is installed on a bare machine, and there alone', () => {
    expect(isInstalled({})).toBe(true)
    expect(isInstalled({ hasDocker: () => true })).toBe(false)
    expect(isInstalled({ mayInstall: () => false })).toBe(false)
  })

  it('is not installed where the settings lead elsewhere', () => {
    expect(isInstalled({ env: { DOCKER_HOST: 'tcp://192.0.2.1' } })).toBe(false)
    expect(isInstalled({ env: { TYCHO_ORCHESTRATOR: 'kubernetes' } })).toBe(false)
    expect(isInstalled({ env: { KUBERNETES_SERVICE_HOST: '192.0.2.1' } })).toBe(false)
  })

  it('is not installed where a kubeconfig leads to a cluster, unless Docker is asked for', () => {
    using folder = temporaryFolder()
    const KUBECONFIG = join(folder.path, 'config')
    expect(isInstalled({ env: { KUBECONFIG } })).toBe(true)
    writeFileSync(KUBECONFIG, 'apiVersion: v1\n')
    expect(isInstalled({ env: { KUBECONFIG } })).toBe(false)
    expect(isInstalled({ env: { KUBECONFIG, TYCHO_ORCHESTRATOR: 'docker' } })).toBe(true)
  })
})
