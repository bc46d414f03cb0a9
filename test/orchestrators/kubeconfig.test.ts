import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { createConnections } from '../../src/orchestrators/kubernetes/cluster/connections.ts'
import { findKubeconfig } from '../../src/orchestrators/kubernetes/cluster/kubeconfig.ts'
import { waitFor } from '../kit/wait.ts'

const directory = mkdtempSync(join(tmpdir(), 'tycho-kubeconfig-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const run = promisify(execFile)

const silent = { debug() {}, info() {}, warn() {}, error() {} }

function write(name: string, server: string, extra: { context?: string; token?: string } = {}): string {
  const path = join(directory, name)
  const context = extra.context ?? name
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user: { token: extra.token ?? 'secret' } }],
    contexts: [{ name: context, context: { cluster: name, user: name, namespace: `of-${name}` } }],
    'current-context': context,
  }
  writeFileSync(path, JSON.stringify(config))
  return path
}

const missing = join(directory, 'missing')

async function serverOf(sources: Parameters<typeof findKubeconfig>[0]): Promise<string | undefined> {
  const config = await (await findKubeconfig(sources)).load()
  return config.getCurrentCluster()?.server
}

describe('the cluster', () => {
  it('is looked for in KUBECONFIG, the home, the pod and the local file, in this order', async () => {
    const given = write('given', 'https://given')
    const home = write('home', 'https://home')
    const local = write('local', 'https://local')
    const account = mkdtempSync(join(directory, 'account-'))
    writeFileSync(join(account, 'token'), 'secret')
    const pod = { host: 'fd00::1', port: '443', directory: account }
    expect(await serverOf({ paths: [given], homePath: home, pod, localPath: local })).toBe('https://given')
    expect(await serverOf({ paths: [missing], homePath: home, pod, localPath: local })).toBe('https://home')
    expect(await serverOf({ paths: [], homePath: missing, pod, localPath: local })).toBe(
      'https://[fd00::1]:443',
    )
    expect(await serverOf({ paths: [], localPath: local })).toBe('https://local')
  })

  it('is that of the first of several files that are merged', async () => {
    const one = write('one', 'https://one')
    const two = write('two', 'https://two')
    const config = await (await findKubeconfig({ paths: [one, missing, two] })).load()
    expect(config.getCurrentCluster()?.server).toBe('https://one')
    expect(config.getCluster('two')?.server).toBe('https://two')
  })

  it('is waited for where there is none, and the error says how to get one', async () => {
    const looking = findKubeconfig({ paths: [missing], homePath: missing, localPath: missing })
    await expect(looking).rejects.toMatchObject({
      code: 'NO_CLUSTER',
      remedy: 'wait',
      message: expect.stringContaining('npm run cluster up'),
    })
  })

  it('has no secret in the error about a file that is no kubeconfig', async () => {
    const path = join(directory, 'broken')
    writeFileSync(path, 'users: [{name: x, user: {token: hunter2}')
    const loading = findKubeconfig({ paths: [path] }).then((found) => found.load())
    await expect(loading).rejects.toMatchObject({ code: 'KUBECONFIG_INVALID', remedy: 'wait' })
    await loading.catch((error: Error) => expect(error.message).not.toContain('hunter2'))
  })

  it('is found when it appears, and followed when its file changes', async () => {
    const path = join(directory, 'late')
    const connections = createConnections({ paths: [], localPath: path }, silent)
    await expect(connections.current()).rejects.toMatchObject({ code: 'NO_CLUSTER' })
    write('late', 'https://early.example')
    expect(await connections.current()).toMatchObject({
      server: 'https://early.example',
      namespace: 'of-late',
    })
    write('late', 'https://later-and-longer.example', { token: 'other' })
    await waitFor('the other cluster', async () => {
      const { server, headers } = await connections.current()
      return server === 'https://later-and-longer.example' && headers.authorization === 'Bearer other'
    })
    await connections.close()
  })
})

it('a kubeconfig is read without the models of the whole API, which would hold tens of megabytes', async () => {
  const reader = new URL('../../src/orchestrators/kubernetes/cluster/empty-config.ts', import.meta.url)
  const script = `
    import { registerHooks } from 'node:module'
    const loaded = []
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
    const { emptyConfig } = await import(${JSON.stringify(reader.href)})
    await emptyConfig()
    const ofLibrary = loaded.filter((url) => url.includes('/@kubernetes/client-node/'))
    console.log(JSON.stringify({ all: ofLibrary.length, models: ofLibrary.filter((url) => url.includes('/models/')).length }))`
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script])
  expect(JSON.parse(stdout)).toEqual({ all: expect.any(Number), models: 0 })
  expect(JSON.parse(stdout).all).toBeGreaterThan(5)
})
