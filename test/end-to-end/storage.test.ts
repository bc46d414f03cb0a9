// What a system keeps and what it reads, in real containers: volumes, configs, secrets.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { AppliedManifests, SentCompose } from '../../src/api/schemas/system-sources.ts'
import type { Job } from '../../src/jobs/job.ts'
import type { ChangeSet } from '../../src/system/change.ts'
import type { Api } from '../kit/cluster/api.ts'
import { createNamespace, isGone, openApi, testCluster } from '../kit/cluster/cluster.ts'
import { createVolume } from '../kit/cluster/volume.ts'
import { startTycho, type Tycho } from '../kit/tycho.ts'
import { waitFor } from '../kit/wait.ts'

type Listed = { items: { metadata: { name: string; deletionTimestamp?: string } }[] }

/** The log of the system's only pod, once it has a line. */
function firstWords(api: Api, namespace: string): Promise<string> {
  const pods = `/api/v1/namespaces/${namespace}/pods`
  return waitFor(
    'a pod to say something',
    async () => {
      const { items } = await api.send<Listed>('GET', pods)
      const pod = items.find(({ metadata }) => !metadata.deletionTimestamp)
      return (pod && (await api.text(`${pods}/${pod.metadata.name}/log`))) || undefined
    },
    { timeoutMs: 60_000 },
  )
}

async function run(tycho: Tycho, method: string, path: string, body?: object): Promise<Job> {
  const answer = await tycho.send<Job>(method, `/v1/systems${path}`, body)
  expect(answer.status).toBe(202)
  const job = await tycho.done(answer.body)
  expect([job.status, job.error]).toEqual(['succeeded', undefined])
  return job
}

async function changesOf(tycho: Tycho, body: object): Promise<ChangeSet> {
  const { result } = await run(tycho, 'PUT', '/reader', body)
  return result?.changes ?? []
}

const shell = (script: string, more: object) => ({
  image: 'demo/shell',
  restart: 'always',
  command: ['sh', '-c', `${script}; exec sleep 600`],
  ...more,
})

describe('a volume', () => {
  it('survives down and up, and goes when that is asked for', async () => {
    await using namespace = await createNamespace('storage')
    await using api = openApi()
    const name = 'keeper-data'
    await using _volume = await createVolume({ namespace: namespace.name, name })
    const { kubeconfig } = testCluster()
    await using tycho = await startTycho({ kubeconfig, namespace: namespace.name })
    const script = 'if test -f /data/mark; then echo kept; else echo new; echo 1 > /data/mark; fi'
    const compose = { services: { web: shell(script, { volumes: ['data:/data'] }) }, volumes: { data: {} } }
    const claim = `/api/v1/namespaces/${namespace.name}/persistentvolumeclaims/${name}`

    await run(tycho, 'POST', '', { name: 'keeper', compose })
    expect(await firstWords(api, namespace.name)).toBe('new\n')
    const before = await api.send<{ metadata: { uid: string } }>('GET', claim)
    await run(tycho, 'DELETE', '/keeper')
    await run(tycho, 'POST', '', { name: 'keeper', compose })
    expect(await firstWords(api, namespace.name)).toBe('kept\n')
    const after = await api.send<{ metadata: { uid: string } }>('GET', claim)
    expect(after.metadata.uid).toBe(before.metadata.uid)

    const { result } = await run(tycho, 'DELETE', '/keeper?volumes=true')
    expect(result?.changes).toContainEqual({ subject: `PersistentVolumeClaim/${name}`, action: 'deleted' })
    expect(await isGone(api, claim)).toBe(true)
  })
})

describe('the volumes of a system', () => {
  it('stay as they are for a file that asks for less, and go when that is asked for after the stop', async () => {
    await using namespace = await createNamespace('storage')
    await using api = openApi()
    await using tycho = await startTycho({ kubeconfig: testCluster().kubeconfig, namespace: namespace.name })
    const web = shell('true', { volumes: ['data:/data'], deploy: { replicas: 0 } })
    const compose = { services: { web }, volumes: { data: {} } }
    const claim = `/api/v1/namespaces/${namespace.name}/persistentvolumeclaims/keeper-data`

    await run(tycho, 'POST', '', { name: 'keeper', compose })
    const smaller = `${JSON.stringify(compose).slice(0, -'{"data":{}}}'.length)}\n {data: {x-k8s: {size: 1Mi}}}}`
    const { problems } = await run(tycho, 'PUT', '/keeper', { compose: smaller })
    expect(problems).toContainEqual(expect.objectContaining({ code: 'VOLUME_KEPT_AS_IS', line: 2 }))
    await run(tycho, 'DELETE', '/keeper')
    expect(await isGone(api, claim)).toBe(false)
    const { result } = await run(tycho, 'DELETE', '/keeper?volumes=true')
    expect(result?.changes).toEqual([{ subject: 'PersistentVolumeClaim/keeper-data', action: 'deleted' }])
    expect(await isGone(api, claim)).toBe(true)
  })
})

/** What is shown of the system has its parts, and none of its secrets. */
async function expectMasked(tycho: Tycho): Promise<void> {
  const { body: applied } = await tycho.send<AppliedManifests>('GET', '/v1/systems/reader/manifests')
  const kinds = applied.manifests.map(({ kind }) => kind)
  expect(kinds).toEqual(expect.arrayContaining(['Deployment', 'ConfigMap', 'Secret']))
  const { body: sent } = await tycho.send<SentCompose>('GET', '/v1/systems/reader/compose')
  expect(sent).toMatchObject({
    env: { TOKEN: '••••••\n' },
    files: { 'key.txt': '•••\n', 'app.conf': 'a=1\n' },
  })
  for (const secret of ['s3cret', btoa('s3cret\n'), btoa('key\n')])
    expect(JSON.stringify([applied, sent])).not.toContain(secret)
}

describe('configs and secrets', () => {
  it('are files at their paths and modes, and a changed one restarts who reads it', async () => {
    await using namespace = await createNamespace('storage')
    await using api = openApi()
    await using tycho = await startTycho({ kubeconfig: testCluster().kubeconfig, namespace: namespace.name })
    const bytes = Buffer.from([0, 255, 10, 128])
    const raw = { base64: bytes.toString('base64') }
    const digest = createHash('md5').update(bytes).digest('hex')
    const paths = '/motd /etc/app/app.conf /run/secrets/token /run/secrets/tls/key /site/a/b.txt /run.sh'
    const web = shell(
      `for f in ${paths}; do echo $(stat -c %a $(readlink -f $f)) $f; cat $f; done; md5sum < /site/raw.bin`.replaceAll(
        '$',
        '$$$$',
      ),
      {
        configs: ['motd', { source: 'app', target: '/etc/app/app.conf', mode: 0o640 }],
        secrets: ['token', { source: 'key', target: 'tls/key', mode: 0o400 }],
        volumes: ['./site:/site:ro', './run.sh:/run.sh:ro'],
      },
    )
    const body = (motd: string) => ({
      compose: {
        services: { web },
        configs: { motd: { content: motd }, app: { file: 'app.conf' } },
        secrets: { token: { environment: 'TOKEN' }, key: { file: 'key.txt' } },
      },
      env: { TOKEN: 's3cret\n' },
      files: {
        'app.conf': 'a=1\n',
        'key.txt': 'key\n',
        'site/a/b.txt': 'site\n',
        'site/raw.bin': raw,
        'run.sh': '#!/bin/sh\n',
      },
    })
    const expected = (motd: string) =>
      [
        ...['444 /motd', motd, '440 /etc/app/app.conf', 'a=1', '444 /run/secrets/token', 's3cret'],
        ...[
          '400 /run/secrets/tls/key',
          'key',
          '644 /site/a/b.txt',
          'site',
          '755 /run.sh',
          '#!/bin/sh',
          `${digest}  -`,
          '',
        ],
      ].join('\n')

    await run(tycho, 'POST', '', { name: 'reader', ...body('one\n') })
    expect(await firstWords(api, namespace.name)).toBe(expected('one'))
    await expectMasked(tycho)
    const changes = await changesOf(tycho, body('two\n'))
    expect(await firstWords(api, namespace.name)).toBe(expected('two'))
    const motd = (action: string) => ({ subject: expect.stringMatching(/^ConfigMap\/reader-motd-/), action })
    expect(changes).toEqual(expect.arrayContaining([motd('created'), motd('deleted')]))
    expect(
      changes.filter(({ action }) => action === 'unchanged').map(({ subject }) => subject.split('/')[0]),
    ).toEqual(expect.arrayContaining(['Service', 'ConfigMap', 'Secret']))
    const again = await changesOf(tycho, body('two\n'))
    expect(new Set(again.map(({ action }) => action))).toEqual(new Set(['unchanged']))
  })
})
