// The image that Tycho is installed as.
import { beforeAll, describe, expect, it } from 'vitest'
import { startEngine, type TestEngine } from '../kit/engine/engine.ts'
import { buildOwnImages, OWN_IMAGES } from '../kit/engine/own-images.ts'

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
    expect(await run('--entrypoint', 'find', OWN_IMAGES.tycho, '/app', '-name', 'typescript')).toBe('')
  })

  it('adds less than 120 MB to what it is made on', async () => {
    const sizeOf = async (name: string) =>
      Number(await engine.docker(['image', 'inspect', '--format', '{{.Size}}', name]))
    expect((await sizeOf(OWN_IMAGES.tycho)) - (await sizeOf('tycho-base:local'))).toBeLessThan(120e6)
  })

  it('can be started by itself as API and as worker, and says what it lacks', async () => {
    const failing = run('--env', 'TYCHO_ORCHESTRATOR=nomad', OWN_IMAGES.tycho, 'worker')
    await expect(failing).rejects.toThrow('nomad is none of kubernetes, docker, swarm')
  })
})
