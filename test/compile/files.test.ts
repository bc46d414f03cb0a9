import { describe, expect, test } from 'vitest'
import { parseCompose } from '../../src/compose/parse.ts'
import { compile } from '../../src/orchestrators/kubernetes/compile/compile.ts'
import { at, identity, remarks, subjects } from './specs.ts'

const bytes = Buffer.from([0, 255]).toString('base64')
const FILES = { 'motd.txt': 'hello', 'key.bin': { base64: bytes }, 'big.txt': 'x'.repeat(1024 * 1024 + 1) }

function compiled(web: object, beside: object) {
  const compose = { services: { web: { image: 'nginx', restart: 'always', ...web } }, ...beside }
  const { spec, problems } = parseCompose({ compose, env: { TOKEN: 's3cret' }, files: FILES })
  if (!spec) throw new Error(JSON.stringify(problems))
  return compile({ identity, spec, exposure: 'nodePort' })
}

const podOf = (result: ReturnType<typeof compiled>, what: string) =>
  at(result, 'Deployment/shop-web', `spec.template.spec.${what}`)
const found = (result: ReturnType<typeof compiled>, start: string) => {
  const subject = subjects(result).find((one) => one.startsWith(start))
  if (!subject) throw new Error(`no ${start} among ${subjects(result).join(', ')}`)
  return subject
}
const nameOf = (subject: string) => subject.slice(subject.indexOf('/') + 1)

describe('configs and secrets', () => {
  const result = compiled(
    {
      configs: ['motd', { source: 'app', target: '/etc/app/app.conf', mode: 0o640 }],
      secrets: [
        'token',
        { source: 'key', target: 'tls/key', mode: 0o400 },
        { source: 'key', target: '/opt/key' },
      ],
    },
    {
      configs: { motd: { file: 'motd.txt' }, app: { content: 'a=1' } },
      secrets: { token: { environment: 'TOKEN' }, key: { file: 'key.bin' } },
    },
  )

  test('are an object each, after the owner and before the workloads', () => {
    const kinds = subjects(result).map((subject) => subject.split('/')[0])
    expect(kinds).toEqual(['Service', 'ConfigMap', 'ConfigMap', 'Secret', 'Secret', 'Deployment'])
    expect(at(result, found(result, 'ConfigMap/shop-motd-'), 'data')).toEqual({ motd: 'hello' })
    expect(at(result, found(result, 'Secret/shop-token-'), 'data')).toEqual({ token: btoa('s3cret') })
    expect(at(result, found(result, 'Secret/shop-key-'), 'data')).toEqual({ key: bytes })
    expect(at(result, found(result, 'Secret/shop-key-'), 'immutable')).toBe(true)
  })

  test('are files at their paths and modes: secrets in one folder, all else beside what is there', () => {
    const [motd, app, token, key] = [
      'ConfigMap/shop-motd',
      'ConfigMap/shop-app',
      'Secret/shop-token',
      'Secret/shop-key',
    ].map((start) => nameOf(found(result, start)))
    expect(podOf(result, 'volumes')).toEqual([
      {
        name: 'secrets',
        projected: {
          sources: [
            { secret: { name: token, items: [{ key: 'token', path: 'token', mode: 0o444 }] } },
            { secret: { name: key, items: [{ key: 'key', path: 'tls/key', mode: 0o400 }] } },
          ],
        },
      },
      {
        name: 'granted',
        projected: {
          sources: [
            { configMap: { name: motd, items: [{ key: 'motd', path: '0/motd', mode: 0o444 }] } },
            { configMap: { name: app, items: [{ key: 'app', path: '1/app.conf', mode: 0o440 }] } },
            { secret: { name: key, items: [{ key: 'key', path: '2/key', mode: 0o444 }] } },
          ],
        },
      },
    ])
    expect(podOf(result, 'containers.0.volumeMounts')).toEqual([
      { name: 'secrets', mountPath: '/run/secrets', readOnly: true },
      { name: 'granted', mountPath: '/motd', subPath: '0/motd', readOnly: true },
      { name: 'granted', mountPath: '/etc/app/app.conf', subPath: '1/app.conf', readOnly: true },
      { name: 'granted', mountPath: '/opt/key', subPath: '2/key', readOnly: true },
    ])
  })

  test('have another name, and the pod another template, when their content changes', () => {
    const of = (content: string) => compiled({ configs: ['app'] }, { configs: { app: { content } } })
    const names = ['a', 'a', 'b'].map((content) => nameOf(found(of(content), 'ConfigMap/')))
    expect(names[0]).toBe(names[1])
    expect(names[0]).not.toBe(names[2])
    expect(JSON.stringify(podOf(of('b'), 'volumes'))).toContain(names[2])
  })

  test('say nothing of a secret but in its own object', () => {
    const others = result.stages
      .flatMap(({ manifests }) => manifests)
      .filter(({ body }) => body.kind !== 'Secret')
    expect(JSON.stringify([others, result.problems])).not.toMatch(new RegExp(`s3cret|${btoa('s3cret')}`))
  })
})

describe('a config or secret', () => {
  test('that is there is referred to, by the key that the file calls it', () => {
    const result = compiled({ secrets: ['key'] }, { secrets: { key: { external: true, name: 'tls' } } })
    expect(subjects(result)).toEqual(['Deployment/shop-web'])
    expect(podOf(result, 'volumes.0.projected.sources')).toEqual([
      { secret: { name: 'tls', items: [{ key: 'key', path: 'key', mode: 0o444 }] } },
    ])
    expect(remarks(result)).toContain('info EXTERNAL_FILE secrets.key')
  })

  test.each([
    ['FILE_NOT_SENT', 'configs.a.file', { file: 'absent' }],
    ['VARIABLE_NOT_SET', 'configs.a.environment', { environment: 'ABSENT' }],
    ['OBJECT_TOO_LARGE', 'configs.a', { file: 'big.txt' }],
    ['NOT_ON_KUBERNETES', 'configs.a.template_driver', { content: 'x', template_driver: 'golang' }],
  ])('is refused with %s at %s', (code, path, a) => {
    const result = compiled({ configs: ['a'] }, { configs: { a } })
    expect(remarks(result)).toContain(`error ${code} ${path}`)
    expect(result.stages).toEqual([])
  })

  test('has no owner of its own, which is said', () => {
    const configs = { app: { content: 'x' } }
    const result = compiled({ configs: [{ source: 'app', uid: '1000' }] }, { configs })
    expect(remarks(result)).toContain('warning NOT_APPLIED services.web.configs[0].uid')
  })

  test('that only its owner may read is readable by a user that is not root', () => {
    const secrets = { token: { environment: 'TOKEN' } }
    const closed = compiled({ user: '1000', secrets: [{ source: 'token', mode: 0o400 }] }, { secrets })
    expect(podOf(closed, 'securityContext')).toMatchObject({ fsGroup: 1000 })
  })
})
