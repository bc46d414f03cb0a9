// Tycho finds the Docker engine by itself, and what it answers is of that engine.
import { expect, it } from 'vitest'
import type { HttpProblem } from '../../src/api/schemas/http-problem.ts'
import { startEngine } from '../kit/engine/engine.ts'
import { startTycho } from '../kit/tycho.ts'

type Ready = { orchestrator: string; cluster: string; reason?: string }
type Manifests = { manifests: { kind: string; name: string }[] }
type Doctor = { parts: { name: string; ok: boolean; version?: string }[] }

const compose = {
  services: {
    web: { image: 'demo/hello', restart: 'always', ports: ['8888'], environment: { API_KEY: 'k3y' } },
  },
}

it('runs systems on the engine where no cluster is configured, and shows what it makes there', async () => {
  await using engine = await startEngine()
  await using tycho = await startTycho({ environment: { DOCKER_HOST: engine.url } })
  const { body: ready } = await tycho.send<Ready>('GET', '/readyz')
  expect(ready).toMatchObject({ orchestrator: 'docker', cluster: 'reachable' })
  const kinds = ['image', 'network', 'container']
  const compiled = await tycho.send<Manifests>('POST', '/v1/compile', { name: 'shop', compose })
  expect(compiled.body.manifests.map(({ kind }) => kind)).toEqual(kinds)
  await tycho.done(await tycho.start({ name: 'shop', compose }))
  const applied = await tycho.send<Manifests>('GET', '/v1/systems/shop/manifests')
  expect(applied.body.manifests.map(({ kind }) => kind)).toEqual(kinds)
  expect(JSON.stringify(applied.body)).not.toContain('k3y')
  const { body: found } = await tycho.send<Doctor>('GET', '/v1/doctor')
  expect(found.parts.at(-1)).toMatchObject({ name: 'engine', ok: true, version: expect.any(String) })
})

it('goes back to where its systems are, although a cluster is configured meanwhile', async () => {
  await using engine = await startEngine()
  const environment = { DOCKER_HOST: engine.url }
  await using tycho = await startTycho({ environment })
  await tycho.done(await tycho.start({ name: 'shop', compose }))
  await Promise.all(tycho.workers.map((worker) => worker.kill()))
  tycho.startWorker({ TYCHO_ORCHESTRATOR: 'kubernetes', KUBECONFIG: '/nonexistent' })
  await expect
    .poll(() => tycho.send<Ready>('GET', '/readyz'), { timeout: 60_000 })
    .toMatchObject({
      status: 503,
      body: { reason: expect.stringContaining('set TYCHO_ORCHESTRATOR for both') },
    })
  await Promise.all(tycho.workers.map((worker) => worker.kill()))
  const again = tycho.startWorker({ KUBECONFIG: '/nonexistent' })
  await expect
    .poll(() => again.lines.map(({ msg }) => msg), { timeout: 60_000 })
    .toContain('systems run on the Docker engine, where those are that run already')
})

it('says in a sentence what an engine that is away means for who reads from it', async () => {
  const environment = { DOCKER_HOST: 'unix:///nonexistent', TYCHO_ORCHESTRATOR: 'docker' }
  await using tycho = await startTycho({ environment })
  const { status, body } = await tycho.send<HttpProblem>('GET', '/v1/doctor')
  expect(status).toBe(200)
  expect(body).toMatchObject({
    parts: expect.arrayContaining([
      { name: 'engine', ok: false, reason: expect.stringContaining('Start Docker, or say in DOCKER_HOST') },
    ]),
  })
})
