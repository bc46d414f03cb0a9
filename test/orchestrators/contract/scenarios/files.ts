// Configs, secrets and files of the request, as containers read them.
import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import type { AppliedManifests, SentCompose } from '../../../../src/api/schemas/system-sources.ts'
import { waitFor } from '../../../kit/wait.ts'
import { type Scenario, shell } from '../scenario.ts'
import { readLogs } from './lines.ts'

const paths = '/motd /etc/app/app.conf /run/secrets/token /run/secrets/tls/key /site/a/b.txt /run.sh'
const script = `for f in ${paths}; do echo $(stat -L -c %a $f) $f; cat $f; done; md5sum < /site/raw.bin; echo end; exec sleep 600`
const bytes = Buffer.from([0, 255, 10, 128])

const web = shell(script.replaceAll('stat ', '/bin/busybox stat ').replace('md5sum', '/bin/busybox md5sum'), {
  configs: ['motd', { source: 'app', target: '/etc/app/app.conf', mode: 0o440 }],
  secrets: ['token', { source: 'key', target: 'tls/key', mode: 0o400 }],
  volumes: ['./site:/site:ro', './run.sh:/run.sh:ro'],
})

const bodyOf = (motd: string) => ({
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
    'site/raw.bin': { base64: bytes.toString('base64') },
    'run.sh': '#!/bin/sh\n',
  },
})

const secrets = ['s3cret', btoa('s3cret\n'), btoa('key\n')]

/** What is secret is masked in logs too, where it is long enough to be told from other words. */
const expected = (motd: string) => [
  ...['444 /motd', motd, '440 /etc/app/app.conf', 'a=1', '444 /run/secrets/token', '••••••'],
  ...['400 /run/secrets/tls/key', 'key', '644 /site/a/b.txt', 'site', '755 /run.sh', '#!/bin/sh'],
  ...[`${createHash('md5').update(bytes).digest('hex')}  -`, 'end'],
]

export const files = {
  'configs, secrets and files are at their paths and modes, and a changed one restarts who reads it': async ({
    run,
    tycho,
  }) => {
    /** What the newest container has said, once it has said all. */
    const reads = (motd: string) =>
      waitFor(
        `the container to read ${motd}`,
        async () => {
          const lines = (await readLogs(tycho, 'reader')).text.split('\n').slice(0, -1)
          return lines.at(-1) === 'end' && lines.includes(motd) ? lines : undefined
        },
        { timeoutMs: 60_000 },
      )
    await run('POST', '', { name: 'reader', ...bodyOf('one\n') })
    expect(await reads('one')).toEqual(expected('one'))

    const { body: applied } = await tycho.send<AppliedManifests>('GET', '/v1/systems/reader/manifests')
    const { body: sent } = await tycho.send<SentCompose>('GET', '/v1/systems/reader/compose')
    expect(sent).toMatchObject({
      env: { TOKEN: '••••••\n' },
      files: { 'key.txt': '•••\n', 'app.conf': 'a=1\n' },
    })
    for (const secret of secrets) expect(JSON.stringify([applied, sent])).not.toContain(secret)

    await run('PUT', '/reader', bodyOf('two\n'))
    expect((await reads('two')).slice(-expected('two').length)).toEqual(expected('two'))
    const again = await run('PUT', '/reader', bodyOf('two\n'))
    expect(again.result?.changes.filter(({ action }) => action !== 'unchanged')).toEqual([])
  },
} satisfies Record<string, Scenario>
