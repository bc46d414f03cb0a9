// Where no Compose file is named, it is found as "docker compose" finds it.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findEnvFiles, findFiles } from '../../src/cli/local/find-files.ts'
import { hello } from '../api/kit.ts'
import { type Server, startServer, temporaryFolder } from './kit.ts'

const shell =
  (variables: Record<string, string> = {}) =>
  (names: readonly string[]) =>
    Object.fromEntries(Object.entries(variables).filter(([name]) => names.includes(name)))

describe('the Compose files', () => {
  it.each([
    [['compose.yml', 'compose.yaml', 'docker-compose.yml'], ['compose.yaml']],
    [['docker-compose.yaml', 'docker-compose.yml'], ['docker-compose.yml']],
    [
      ['docker-compose.yaml', 'docker-compose.override.yaml'],
      ['docker-compose.yaml', 'docker-compose.override.yaml'],
    ],
    [
      ['compose.yml', 'compose.override.yaml', 'compose.override.yml'],
      ['compose.yml', 'compose.override.yml'],
    ],
  ])('of %j are %j', (there, found) => {
    using folder = temporaryFolder()
    for (const name of there) writeFileSync(join(folder.path, name), '')
    expect(findFiles(undefined, folder.path, shell())).toEqual(found)
  })

  it('are those of the nearest folder above that has any', () => {
    using folder = temporaryFolder()
    const deep = join(folder.path, 'a', 'b')
    mkdirSync(deep, { recursive: true })
    writeFileSync(join(folder.path, 'compose.yaml'), '')
    writeFileSync(join(folder.path, 'compose.override.yaml'), '')
    expect(findFiles(undefined, deep, shell())).toEqual(['../../compose.yaml', '../../compose.override.yaml'])
  })

  it('are those that COMPOSE_FILE names, in the shell before .env; -f comes before both', () => {
    using folder = temporaryFolder()
    writeFileSync(join(folder.path, 'compose.yaml'), '')
    writeFileSync(join(folder.path, '.env'), 'COMPOSE_FILE=a.yml,b.yml\nCOMPOSE_PATH_SEPARATOR=,\n')
    expect(findFiles(undefined, folder.path, shell())).toEqual(['a.yml', 'b.yml'])
    expect(findFiles(undefined, folder.path, shell({ COMPOSE_FILE: 'c.yml,d.yml' }))).toEqual([
      'c.yml',
      'd.yml',
    ])
    expect(findFiles(['x.yml'], folder.path, shell({ COMPOSE_FILE: 'c.yml' }))).toEqual(['x.yml'])
  })

  it('of variables are those of COMPOSE_ENV_FILES', () => {
    const named = shell({ COMPOSE_ENV_FILES: 'one.env, two.env' })
    expect(findEnvFiles(undefined, named)).toEqual(['one.env', 'two.env'])
    expect(findEnvFiles(['x.env'], named)).toEqual(['x.env'])
    expect(findEnvFiles(undefined, shell())).toBeUndefined()
  })
})

describe('tycho up in a folder', () => {
  let server: Server

  beforeAll(async () => {
    server = await startServer()
  })

  afterAll(() => server[Symbol.asyncDispose]())

  it('starts what is there under the name of the folder, and down stops it', async () => {
    using folder = temporaryFolder()
    const project = join(folder.path, 'project')
    mkdirSync(project)
    writeFileSync(join(project, 'compose.yaml'), `${hello}    environment: { WHO: "\${WHO}" }\n`)
    writeFileSync(
      join(project, 'compose.override.yaml'),
      'services: { extra: { image: x, profiles: [more] } }',
    )
    writeFileSync(join(project, 'class.env'), 'WHO=everybody\n')
    const env = { COMPOSE_ENV_FILES: 'class.env', COMPOSE_PROFILES: 'more' }
    const ended = await server.run(['up', '--no-wait', '--json'], { folder: project, env })
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(ended.stdout).system.name).toBe('project')
    const system = await server.store.works.system('alice', 'project')
    const content = await server.store.contents.get(system?.spec ?? '')
    expect(content).toMatchObject({
      spec: { services: { web: { environment: { WHO: 'everybody' } }, extra: { image: 'x' } } },
    })
    const down = await server.run(['down', '--no-wait'], { folder: project })
    expect(down).toMatchObject({ code: 0, stdout: expect.stringMatching(/^project is being stopped/) })
  })
})
