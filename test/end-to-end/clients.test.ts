// The ways in: the command line, and the three endpoints of the first Tycho.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { load } from 'js-yaml'
import { expect, it } from 'vitest'
import { createNamespace, openApi, testCluster } from '../kit/cluster/cluster.ts'
import { hasImage, NOTEBOOK_IMAGE } from '../kit/cluster/images.ts'
import { managedObjects } from '../kit/cluster/objects.ts'
import { waitForOk } from '../kit/http.ts'
import { program, programEnvironment } from '../kit/program.ts'
import { startTycho } from '../kit/tycho.ts'
import { must } from '../kit/work.ts'

async function openTycho() {
  await using opening = new AsyncDisposableStack()
  const namespace = opening.use(await createNamespace('clients'))
  const api = opening.use(openApi())
  const tycho = opening.use(
    await startTycho({ kubeconfig: testCluster().kubeconfig, namespace: namespace.name }),
  )
  const opened = opening.move()
  return { ...tycho, api, namespace: namespace.name, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

const run = promisify(execFile)

async function cli(url: string, ...args: string[]): Promise<string> {
  return (await run(program('src/cli/main.ts'), [...args, '-s', url], { env: programEnvironment({}) })).stdout
}

it('starts, shows and stops a sample from the command line', async () => {
  await using tycho = await openTycho()
  const job = JSON.parse(await cli(tycho.url, 'up', '-f', 'samples/hello.yml', '--json'))
  expect(job).toMatchObject({ status: 'succeeded', system: { name: 'samples-hello' } })
  expect(await waitForOk(job.result.endpoints[0].url)).toContain('Hello Tycho')
  expect(await cli(tycho.url, 'status')).toContain('samples-hello  running')
  await cli(tycho.url, 'down', '-f', 'samples/hello.yml')
  expect(await managedObjects(tycho.api, tycho.namespace)).toEqual([])
})

it.runIf(await hasImage(NOTEBOOK_IMAGE))(
  'ends the notebook sample with a port that answers JupyterLab',
  async () => {
    await using tycho = await openTycho()
    const job = JSON.parse(await cli(tycho.url, 'up', '-f', 'samples/jupyter-datascience.yml', '--json'))
    expect(await waitForOk(`${job.result.endpoints[0].url}/lab`, { timeoutMs: 60_000 })).toContain(
      '<title>JupyterLab',
    )
  },
)

it('answers the clients of the first Tycho as it did', async () => {
  await using tycho = await openTycho()
  type Envelope<T> = { status: string; message: string; result: T }
  const system = load(readFileSync(new URL('../../samples/hello.yml', import.meta.url), 'utf8'))
  const started = await tycho.send<
    Envelope<{ name: string; sid: string; containers: { hello: { port: number } } }>
  >('POST', '/system/start', { name: 'old', system, principal: JSON.stringify({ username: 'ada' }) })
  expect(started).toMatchObject({ status: 200, body: { status: 'success', message: 'Started system old' } })
  const { sid, containers } = started.body.result
  expect(await waitForOk(`http://127.0.0.1:${containers.hello.port}`)).toContain('Hello Tycho')

  const listed = await tycho.send<Envelope<Record<string, unknown>[]>>('POST', '/system/status', {
    username: 'ada',
  })
  expect(must(listed.body.result[0])).toMatchObject({
    name: 'old',
    sid,
    is_ready: true,
    utilization: { hello: null },
  })

  const deleted = await tycho.send<Envelope<null>>('POST', '/system/delete', { name: sid })
  expect(deleted.body).toMatchObject({ status: 'success', result: null })
  expect(await managedObjects(tycho.api, tycho.namespace)).toEqual([])
})
