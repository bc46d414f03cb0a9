// The image that Tycho is installed as.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { startEngine, type TestEngine } from '../kit/engine/engine.ts'
import { buildOwnImages, OWN_IMAGES } from '../kit/engine/own-images.ts'
import { root } from '../kit/program.ts'
import { startTycho } from '../kit/tycho.ts'

/** All packages are installed in it; half a minute on a machine that does nothing else. */
const buildMs = 400_000

describe("Tycho's own image", () => {
  let engine: TestEngine
  beforeAll(async () => {
    engine = await startEngine()
    await buildOwnImages(engine.docker, 'demo/redis:latest')
    return () => engine[Symbol.asyncDispose]()
  }, buildMs)

  const safe = ['--rm', '--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges:true']
  const run = (...args: string[]) => engine.docker(['run', ...safe, ...args])

  it('runs as a user without rights on a root file system that is read-only', async () => {
    expect(await run(OWN_IMAGES.tycho, 'version')).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect(await run('--entrypoint', 'id', OWN_IMAGES.tycho)).toContain('uid=65532 gid=65532')
  })

  it('holds the programs and their packages, and nothing else of the project', async () => {
    const listed = await run('--entrypoint', 'ls', OWN_IMAGES.tycho, '/app')
    expect(listed.trim().split('\n')).toEqual(['node_modules', 'package.json', 'src', 'workers'])
    const packages = await run('--entrypoint', 'ls', OWN_IMAGES.tycho, '/app/node_modules')
    expect(packages.split('\n')).toEqual(expect.arrayContaining(['fastify', 'dockerode']))
    expect(packages.split('\n').filter((name) => ['typescript', 'vitest', 'node'].includes(name))).toEqual([])
  })

  it('adds less than 120 MB to what it is made on', async () => {
    const sizeOf = async (name: string) =>
      Number(await engine.docker(['image', 'inspect', '--format', '{{.Size}}', name]))
    expect((await sizeOf(OWN_IMAGES.tycho)) - (await sizeOf('tycho-base:local'))).toBeLessThan(120e6)
  })

  it('is run, with its Redis, by Tycho as the system of its own Compose file', async () => {
    await using tycho = await startTycho({
      environment: { DOCKER_HOST: engine.url, TYCHO_ORCHESTRATOR: 'docker', TYCHO_PUBLIC_HOST: engine.host },
    })
    const compose = await readFile(join(root, 'docker-compose.yml'), 'utf8')
    const env = { TYCHO_ADMIN_TOKEN: 'a'.repeat(40) }
    const job = await tycho.done(await tycho.start({ name: 'tycho', compose, env }))
    expect(job).toMatchObject({ status: 'succeeded' })
    const url = job.result?.endpoints.find(({ service }) => service === 'api')?.url
    const inner = async (path: string) => {
      const headers = { authorization: `Bearer ${env.TYCHO_ADMIN_TOKEN}` }
      const answer = await fetch(`${url}${path}`, { headers })
      return { status: answer.status, body: await answer.json() }
    }
    // Both of its processes are there, and it has nothing to run systems on: no socket is mounted.
    expect(await inner('/readyz')).toMatchObject({
      status: 200,
      body: { workers: 1, cluster: 'unreachable' },
    })
    expect(await inner('/v1/tokens')).toMatchObject({ status: 200, body: { tokens: [] } })
    expect(await tycho.stop('tycho')).toMatchObject({ status: 'succeeded' })
    expect(await engine.docker(['ps', '--all', '--quiet'])).toBe('')
  }, 120_000)

  it('can be started by itself as API and as worker, and says what it lacks', async () => {
    const failing = run('--env', 'TYCHO_ORCHESTRATOR=nomad', OWN_IMAGES.tycho, 'worker')
    await expect(failing).rejects.toThrow('nomad is none of kubernetes, docker, swarm')
  })
})
