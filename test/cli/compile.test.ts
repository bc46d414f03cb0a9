// `tycho compile` as a user types it: no server, no cluster.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { hello } from '../api/kit.ts'
import { runCli, temporaryFolder } from './kit.ts'

const folder = temporaryFolder()
afterAll(() => folder[Symbol.dispose]())

const file = (name: string, text: string) => writeFileSync(join(folder.path, name), text)
const run = (args: string[], options = {}) =>
  runCli(['compile', ...args], { folder: folder.path, ...options })

describe('tycho compile', () => {
  it('prints the objects, named as tycho up names them', async () => {
    file('hello.yml', hello)
    const { code, stdout, stderr } = await run(['-f', 'hello.yml'])
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^# From services\.web; stage 1, at once\.\napiVersion: apps\/v1\nkind: Deployment\n/,
    )
    expect(stdout).toContain('---\n# From services.web.ports; stage 1, at once.\n')
    expect(stdout).toContain('name: hello-web\n')
    expect(stderr).toMatch(/^hello\.yml:2:3: info RESTART_DEFAULT services\.web\.restart: /)
  })

  it('prints what a Docker engine would make of the same file', async () => {
    file('hello.yml', hello)
    const { code, stdout } = await run(['-f', 'hello.yml', '--for', 'docker'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^kind: container\nname: hello-web-1\n/m)
    expect(stdout).not.toContain('apiVersion')
    const wrong = await run(['-f', 'hello.yml', '--for', 'nomad'])
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('kubernetes, docker') })
  })

  it('prints what a swarm would make of the same file', async () => {
    file('hello.yml', hello)
    const { code, stdout } = await run(['-f', 'hello.yml', '--for', 'swarm'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^kind: service\nname: hello-web\n/m)
  })

  it('writes a file for each object into a folder', async () => {
    file('hello.yml', hello)
    expect(await run(['-f', 'hello.yml', '-n', 'demo', '-o', 'out'])).toMatchObject({ code: 0 })
    const names = readdirSync(join(folder.path, 'out')).sort()
    expect(names).toEqual(['01-deployment-demo-web.yaml', '02-service-demo-web.yaml'])
    expect(readFileSync(join(folder.path, 'out', '02-service-demo-web.yaml'), 'utf8')).toContain(
      'type: NodePort',
    )
  })

  it('merges several files, and reads what they name and variables from beside them', async () => {
    mkdirSync(join(folder.path, 'shop'), { recursive: true })
    file('shop/compose.yaml', 'services: {web: {image: "shop:${TAG}", env_file: web.env}}')
    file('shop/more.yaml', 'services: {web: {environment: {B: "2"}}}')
    file('shop/web.env', 'A=1\n')
    file('shop/.env', 'TAG=7\n')
    const args = ['-f', 'shop/compose.yaml', '-f', 'shop/more.yaml', '--json', '--namespace', 'class']
    const { manifests } = JSON.parse((await run(args)).stdout)
    expect(manifests[0].metadata).toMatchObject({ name: 'shop-web', namespace: 'class' })
    expect(manifests[0].spec.template.spec.containers[0]).toMatchObject({
      image: 'shop:7',
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
    })
  })

  it('reads standard input, which needs a name', async () => {
    expect(await run(['-f', '-', '-n', 'piped'], { input: hello })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('name: piped-web'),
    })
    expect(await run(['-f', '-'], { input: hello })).toMatchObject({ code: 2, stdout: '' })
  })

  it('ends with 2 where the file can not be run, and says every reason with its line', async () => {
    file('bad.yml', 'services:\n  web:\n    image: a\n    restart: always\n    pid: host\n')
    const { code, stdout, stderr } = await run(['-f', 'bad.yml'])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^bad\.yml:5:5: error NOT_ALLOWED services\.web\.pid: /)
  })

  it('holds x-k8s against its schema, once and with its line', async () => {
    file(
      'wrong.yml',
      'services:\n  web:\n    image: a\n    restart: always\n    x-k8s:\n      tolerations: 1\n',
    )
    const { code, stderr } = await run(['-f', 'wrong.yml'])
    expect(code).toBe(2)
    expect(stderr.match(/ error .*/g)).toEqual([
      expect.stringMatching(/^ error INVALID_EXTENSION services\.web\.x-k8s\.tolerations: /),
    ])
    expect(stderr).toMatch(/^wrong\.yml:6:7: /)
  })

  it.each([
    [[]],
    [['-f', 'none.yml']],
    [['-f', 'hello.yml', '-n', 'Big']],
    [['-f', 'a', '--exposure', 'all']],
  ])('of %j ends with 2', async (args) => {
    expect(await run(args)).toMatchObject({ code: 2, stdout: '' })
  })
})
