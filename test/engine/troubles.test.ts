// What is wrong with the engine or with what is asked of it: a code, a sentence, and what to do.
import { chownSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { Job } from '../../src/jobs/job.ts'
import { startEngine, type TestEngine } from '../kit/engine/engine.ts'
import { waitForOk } from '../kit/http.ts'
import { startRegistry } from '../kit/registry.ts'
import { startTycho, type Tycho } from '../kit/tycho.ts'
import { waitFor } from '../kit/wait.ts'
import { environmentOf } from '../orchestrators/contract/places/docker.ts'

const page = (more: object = {}) => ({
  services: { web: { image: 'demo/hello', restart: 'always', ...more } },
})

const tychoOn = (engine: TestEngine, more: Parameters<typeof startTycho>[0] = {}) =>
  startTycho({ ...more, environment: { ...environmentOf(engine, 'docker'), ...more.environment } })

/** Waits until the job says so. */
const untilSaid = (tycho: Tycho, { id }: Job, what: string) =>
  waitFor(`the job to say ${what}`, async () => {
    const { progress } = (await tycho.send<Job>('GET', `/v1/jobs/${id}`)).body
    if (progress.message.includes(what)) return true
    throw new Error(progress.message)
  })

it('without an engine a job waits and says so, and goes on when there is one', async () => {
  await using engine = await startEngine()
  await engine.stop()
  await using tycho = await tychoOn(engine)
  const job = await tycho.start({ name: 'early', compose: page() })
  await untilSaid(tycho, job, `The Docker engine at ${engine.socket}`)
  await untilSaid(tycho, job, 'Start Docker, or say in DOCKER_HOST where it is')
  expect((await tycho.send('GET', '/readyz')).body).toMatchObject({ cluster: 'unreachable' })

  await engine.start()
  expect(await tycho.done(job)).toMatchObject({ status: 'succeeded' })
  expect((await tycho.send('GET', '/readyz')).body).toMatchObject({ cluster: 'reachable' })
})

it('without permission on the socket a job waits and says who may', async () => {
  await using engine = await startEngine()
  // Somebody else's, for whose sake root has no rights of its own here.
  chownSync(engine.socket, 65_534, 65_534)
  const under = ['setpriv', '--bounding-set=-dac_override,-dac_read_search']
  await using tycho = await tychoOn(engine, { under })
  const job = await tycho.start({ name: 'outside', compose: page() })
  await untilSaid(tycho, job, `This user may not use the Docker engine at ${engine.socket}`)
  await untilSaid(tycho, job, 'Add this user to the group `docker`')

  chownSync(engine.socket, 0, 0)
  expect(await tycho.done(job)).toMatchObject({ status: 'succeeded' })
})

it('an image that the registry does not have is told in its words, at the line of the file', async () => {
  await using engine = await startEngine()
  await using registry = await startRegistry({ hosts: [engine.gateway] })
  await using tycho = await tychoOn(engine)
  const image = `${engine.gateway}:${registry.port}/missing:1`
  const compose = `services:\n  web:\n    image: ${image}\n`
  const { status, error } = await tycho.done(await tycho.start({ name: 'demo', compose }))
  expect({ status, ...error }).toMatchObject({
    status: 'failed',
    code: 'IMAGE_PULL_FAILED',
    retryable: false,
    message: expect.stringMatching(/manifest unknown/),
    details: { problems: [{ code: 'IMAGE_PULL_FAILED', path: 'services.web.image', line: 3 }] },
  })
})

it('a port that another container has is told with its holder, and another one answers', async () => {
  await using engine = await startEngine()
  await using tycho = await tychoOn(engine)
  const compose = page({ ports: ['8099:8888'] })
  await tycho.done(await tycho.start({ name: 'first', compose }))
  const second = await tycho.done(await tycho.start({ name: 'second', compose }))
  expect(second).toMatchObject({ status: 'succeeded' })
  const [endpoint] = second.result?.endpoints ?? []
  const message = `Port 8099/tcp is taken by the container first-web-1; it is published on ${endpoint?.port} instead`
  expect(second.problems).toContainEqual(expect.objectContaining({ code: 'PORT_TAKEN', message }))
  expect(await waitForOk(endpoint?.url ?? '')).toContain('Hello')
})

it('a port that another program has is told, and another one answers', async () => {
  await using engine = await startEngine()
  await using tycho = await tychoOn(engine)
  const holder = engine.spawnInside('busybox', ['nc', '-l', '-p', '8099'])
  const isHeld = () =>
    engine.inside('sh', ['-c', 'grep -qi ":1FA3 " /proc/net/tcp /proc/net/tcp6']).then(() => true)
  await waitFor('the port to be held', isHeld)
  const job = await tycho.done(await tycho.start({ name: 'third', compose: page({ ports: ['8099:8888'] }) }))
  holder.kill()
  const message = expect.stringContaining('Port 8099/tcp is taken by another program')
  expect(job.problems).toContainEqual(expect.objectContaining({ code: 'PORT_TAKEN', message }))
  expect(await waitForOk(job.result?.endpoints[0]?.url ?? '')).toContain('Hello')
})

it('an engine without space says so, and where room can be made', async () => {
  await using engine = await startEngine({ dataBytes: 64 << 20 })
  await using tycho = await tychoOn(engine)
  await engine.docker(['volume', 'create', 'full'])
  const fill = ['sh', '-c', 'cat /dev/zero > /full/file || true']
  await engine.docker(['run', '--rm', '--volume', 'full:/full', 'demo/shell:latest', ...fill])
  const files = { 'big.txt': 'x'.repeat(1 << 20) }
  const compose = page({ volumes: ['./big.txt:/big.txt:ro'] })
  const job = await tycho.start({ name: 'full', compose, files, retries: 0 })
  expect(await tycho.done(job)).toMatchObject({
    status: 'failed',
    error: {
      code: 'NO_SPACE',
      message: expect.stringMatching(/no space left.*`docker system df` says what takes it/),
    },
  })
})

it('a bind mount that is not allowed is refused before anything is made', async () => {
  await using engine = await startEngine()
  await using tycho = await tychoOn(engine)
  const compose = 'services:\n  web:\n    image: demo/hello\n    volumes:\n      - /etc:/host\n'
  const { status, body } = await tycho.send('POST', '/v1/systems', { name: 'peek', compose })
  expect(status).toBe(422)
  expect(body).toMatchObject({
    problems: [{ code: 'NOT_ALLOWED', path: 'services.web.volumes[0]', line: 5 }],
  })
  expect(await engine.docker(['ps', '--all', '--quiet'])).toBe('')
})
