// The Docker engine of the kit: what the other tests on an engine rely on.
import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { expect, test } from 'vitest'
import { run } from '../kit/cluster/command.ts'
import { startEngine, type TestEngine } from '../kit/engine/engine.ts'
import { get, waitForOk } from '../kit/http.ts'

const hello = (engine: TestEngine, port: number, ...more: string[]) =>
  engine.docker(['run', '--detach', '--publish', `${port}:8888`, ...more, 'demo/hello:latest'])

test('publishes ports on an address of its own, so that two engines can publish the same', async () => {
  await using one = await startEngine()
  await using other = await startEngine()
  await Promise.all([hello(one, 8000), hello(other, 8000)])
  expect(one.host).not.toBe(other.host)
  await Promise.all([waitForOk(`http://${one.host}:8000`), waitForOk(`http://${other.host}:8000`)])
})

test('a kill leaves its containers to the next start, which has them again as they were asked for', async () => {
  await using engine = await startEngine()
  await hello(engine, 8000, '--restart', 'always', '--name', 'web')
  await engine.kill()
  await waitForOk(`http://${engine.host}:8000`)
  await engine.start()
  await waitForOk(`http://${engine.host}:8000`)
  expect(await engine.docker(['ps', '--all', '--format', '{{.Names}}'])).toBe('web\n')
})

test('a stop ends its containers', async () => {
  await using engine = await startEngine()
  await hello(engine, 8000, '--name', 'web')
  await engine.stop()
  expect(await get(`http://${engine.host}:8000`)).toBeUndefined()
  await engine.start()
  expect(await engine.docker(['ps', '--all', '--format', '{{.Status}}'])).toMatch(/^Exited/)
})

test('runs services when it is in swarm mode', async () => {
  await using engine = await startEngine({ swarm: true })
  const args = ['service', 'create', '--detach', '--no-resolve-image', '--name', 'web']
  await engine.docker([...args, '--publish', 'mode=host,published=8000,target=8888', 'demo/hello:latest'])
  await waitForOk(`http://${engine.host}:8000`)
})

test('can have little room', async () => {
  await using engine = await startEngine({ dataBytes: 64 << 20 })
  const filling = engine.docker(['run', 'demo/shell:latest', 'sh', '-c', 'cat /dev/zero > /full'])
  await expect(filling).rejects.toThrow('No space left on device')
})

test('leaves nothing behind', async () => {
  const engine = await startEngine()
  const folder = dirname(engine.socket)
  await hello(engine, 8000)
  await engine[Symbol.asyncDispose]()
  const traces = async () =>
    Object.entries({
      mount: (await readFile('/proc/mounts', 'utf8')).includes(folder),
      address: (await run('ip', ['address'])).includes(engine.gateway),
      process: (await run('ps', ['-eo', 'args'])).includes(`${folder}/`),
      folder: (await readdir(dirname(folder))).includes(basename(folder)),
      group: (await run('find', ['/sys/fs/cgroup', '-name', basename(folder)])) !== '',
    }).flatMap(([name, isThere]) => (isThere ? name : []))
  // Its address goes with its network, of which the kernel takes leave a moment later.
  await expect.poll(traces, { timeout: 10_000 }).toEqual([])
})
