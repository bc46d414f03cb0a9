import { describe, expect, test } from 'vitest'
import { parseCompose } from '../../src/compose/parse.ts'
import { compile } from '../../src/orchestrators/kubernetes/compile/compile.ts'
import { emptySystem } from '../../src/system/empty.ts'
import { DEFAULT_POLICY } from '../../src/system/policy.ts'
import { at, identity, remarks, subjects } from './specs.ts'

type Files = Record<string, string | { base64: string }>

function compiled(web: object, beside: object = {}, files: Files = {}, allow: 'host_path'[] = []) {
  const compose = { services: { web: { image: 'nginx', restart: 'always', ...web } }, ...beside }
  const { spec, problems } = parseCompose({ compose, env: { TOKEN: 's3cret' }, files })
  if (!spec) throw new Error(JSON.stringify(problems))
  return compile({ identity, spec, exposure: 'nodePort', policy: { ...DEFAULT_POLICY, allow } })
}

const pod = 'spec.template.spec'
const podOf = (result: ReturnType<typeof compiled>, what: string) =>
  at(result, 'Deployment/shop-web', `${pod}.${what}`)

describe('a named volume', () => {
  const file = { volumes: { data: {} } }

  test('is one claim, which is of tenant and system and of no incarnation', () => {
    const result = compiled({ volumes: ['data:/data', 'data:/more:ro'] }, file)
    expect(subjects(result)).toEqual([
      'Service/shop--net',
      'PersistentVolumeClaim/shop-data',
      'Deployment/shop-web',
    ])
    const labels = at(result, 'PersistentVolumeClaim/shop-data', 'metadata.labels')
    expect(labels).toMatchObject({ 'tycho.io/tenant': 'class', 'tycho.io/system': 'shop' })
    expect(labels).not.toHaveProperty('tycho.io/sid')
    expect(at(result, 'PersistentVolumeClaim/shop-data', 'spec')).toEqual({
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
    })
    expect(podOf(result, 'volumes')).toEqual([
      { name: 'volume-data', persistentVolumeClaim: { claimName: 'shop-data' } },
    ])
    expect(podOf(result, 'containers.0.volumeMounts')).toEqual([
      { name: 'volume-data', mountPath: '/data' },
      { name: 'volume-data', mountPath: '/more', readOnly: true },
    ])
  })

  test('that one pod holds is let go of before the next pod starts, and asks for many nodes when several hold it', () => {
    const one = compiled({ volumes: ['data:/data'] }, file)
    expect(at(one, 'Deployment/shop-web', 'spec.strategy')).toEqual({ type: 'Recreate' })
    const several = compiled({ volumes: ['data:/data'], deploy: { replicas: 2 } }, file)
    expect(at(several, 'Deployment/shop-web', 'spec.strategy')).toBeUndefined()
    expect(at(several, 'PersistentVolumeClaim/shop-data', 'spec.accessModes')).toEqual(['ReadWriteMany'])
    expect(remarks(several)).toContain('warning VOLUME_SHARED volumes.data')
  })

  test('has the size and class of the operator where the file says none, which a claim that exists need not have', () => {
    const policy = { ...DEFAULT_POLICY, volumes: { size: '2048Mi', storageClass: 'fast' } }
    const claimOf = (given: object) => {
      const mount = { type: 'volume', source: 'data', target: '/data' }
      const web = { image: 'nginx', restart: 'always', volumes: [mount] }
      const { spec } = parseCompose({ compose: { services: { web }, volumes: { data: given } }, env: {} })
      const { stages } = compile({ identity, spec: spec ?? emptySystem(), exposure: 'nodePort', policy })
      const all = stages.flatMap(({ manifests }) => manifests)
      return all.find(({ subject }) => subject === 'PersistentVolumeClaim/shop-data')
    }
    const size = 'spec.resources.requests.storage'
    expect(claimOf({})).toMatchObject({
      body: { spec: { resources: { requests: { storage: '2Gi' } }, storageClassName: 'fast' } },
      assumed: [size, 'spec.storageClassName'],
    })
    expect(claimOf({ 'x-k8s': { storageClass: 'slow' } })).toMatchObject({
      body: { spec: { storageClassName: 'slow' } },
      assumed: [size],
    })
    expect(claimOf({ 'x-k8s': { size: '3Gi', storageClass: 'slow' } })).toMatchObject({ assumed: [] })
  })

  test('has size, class and access mode from x-k8s, or from the labels of Kompose', () => {
    const given = { size: '2048Mi', storageClass: 'fast', accessMode: 'ReadWriteMany', selector: { a: 'b' } }
    const result = compiled({ volumes: ['data:/data'] }, { volumes: { data: { 'x-k8s': given } } })
    expect(at(result, 'PersistentVolumeClaim/shop-data', 'spec')).toEqual({
      accessModes: ['ReadWriteMany'],
      resources: { requests: { storage: '2Gi' } },
      storageClassName: 'fast',
      selector: { matchLabels: { a: 'b' } },
    })
    const labels = { 'kompose.volume.size': '5Gi', 'kompose.volume.storage-class-name': 'slow', about: 'x y' }
    const kompose = compiled({ volumes: ['data:/data'] }, { volumes: { data: { labels } } })
    expect(at(kompose, 'PersistentVolumeClaim/shop-data', 'spec')).toMatchObject({
      resources: { requests: { storage: '5Gi' } },
      storageClassName: 'slow',
    })
    expect(at(kompose, 'PersistentVolumeClaim/shop-data', 'metadata.annotations.about')).toBe('x y')
    const wrong = compiled({ volumes: ['data:/data'] }, { volumes: { data: { 'x-k8s': { size: 'big' } } } })
    expect(remarks(wrong)).toContain('error INVALID_VOLUME_SETTING volumes.data.x-k8s.size')
  })

  test.each([{ external: true, name: 'there' }, { name: 'there' }])(
    'that is there is referred to: %j',
    (data) => {
      const result = compiled({ volumes: ['data:/data'] }, { volumes: { data } })
      expect(subjects(result)).toEqual(['Deployment/shop-web'])
      expect(podOf(result, 'volumes.0.persistentVolumeClaim.claimName')).toBe('there')
      expect(remarks(result)).toContain('info VOLUME_NOT_MADE volumes.data')
    },
  )

  test('of NFS or in memory needs no claim, and one of an unknown driver is refused', () => {
    const nfs = { driver_opts: { type: 'nfs', o: 'addr=10.0.0.9,ro', device: ':/exports' } }
    const memory = { driver_opts: { type: 'tmpfs', o: 'size=64m', device: 'tmpfs' } }
    const result = compiled({ volumes: ['a:/a', 'b:/b'] }, { volumes: { a: nfs, b: memory } })
    expect(podOf(result, 'volumes')).toEqual([
      { name: 'volume-a', nfs: { server: '10.0.0.9', path: '/exports', readOnly: true } },
      { name: 'volume-b', emptyDir: { medium: 'Memory', sizeLimit: '64Mi' } },
    ])
    const other = compiled({ volumes: ['a:/a'] }, { volumes: { a: { driver: 'rexray' } } })
    expect(remarks(other)).toContain('error NOT_ON_KUBERNETES volumes.a.driver')
  })

  test('is of the group of a user that is not root', () => {
    const result = compiled({ volumes: ['data:/data'], user: '1000:2000' }, file)
    expect(podOf(result, 'securityContext')).toMatchObject({ fsGroup: 2000 })
  })

  test('is mounted by a part of it, and by those who take the volumes of another service', () => {
    const part = { type: 'volume', source: 'data', target: '/data', volume: { subpath: 'a/b', nocopy: true } }
    const other = { image: 'nginx', restart: 'always', volumes_from: ['web:ro'] }
    const compose = { services: { web: { image: 'nginx', volumes: [part] }, other }, ...file }
    const { spec } = parseCompose({ compose, env: {} })
    if (!spec) throw new Error('refused')
    const result = compile({ identity, spec, exposure: 'nodePort' })
    const mounts = (service: string) =>
      at(result, `Deployment/shop-${service}`, `${pod}.containers.0.volumeMounts`)
    expect(mounts('web')).toEqual([{ name: 'volume-data', mountPath: '/data', subPath: 'a/b' }])
    expect(mounts('other')).toEqual([
      { name: 'volume-data', mountPath: '/data', subPath: 'a/b', readOnly: true },
    ])
  })
})

describe('a claim that exists', () => {
  test('is mounted as the first Tycho wrote it', () => {
    const result = compiled({ volumes: ['pvc://stdnfs/sub/path:/home:ro'] })
    expect(podOf(result, 'volumes')).toEqual([
      { name: 'claim-stdnfs', persistentVolumeClaim: { claimName: 'stdnfs' } },
    ])
    expect(podOf(result, 'containers.0.volumeMounts')).toEqual([
      { name: 'claim-stdnfs', mountPath: '/home', subPath: 'sub/path', readOnly: true },
    ])
  })
})

describe('a bind mount', () => {
  const files = { 'site/index.html': '<p>', 'site/bin/run': '#!/bin/sh\n', 'a.conf': 'a' }

  test('of files that came with the request is a ConfigMap', () => {
    const result = compiled({ volumes: ['./site:/www:ro', './a.conf:/etc/a.conf'] }, {}, files)
    const [site = '', conf = ''] = subjects(result).filter((one) => one.startsWith('ConfigMap/'))
    expect(site).toMatch(/^ConfigMap\/shop-site-[0-9a-f]{10}$/)
    expect(at(result, site, 'data')).toEqual({ bin_run: '#!/bin/sh\n', 'index.html': '<p>' })
    expect(podOf(result, 'volumes')).toEqual([
      {
        name: 'files-0',
        configMap: {
          name: site.slice('ConfigMap/'.length),
          items: [
            { key: 'bin_run', path: 'bin/run', mode: 0o755 },
            { key: 'index.html', path: 'index.html', mode: 0o644 },
          ],
        },
      },
      {
        name: 'files-1',
        configMap: {
          name: conf.slice('ConfigMap/'.length),
          items: [{ key: 'file', path: 'file', mode: 0o644 }],
        },
      },
    ])
    expect(podOf(result, 'containers.0.volumeMounts')).toEqual([
      { name: 'files-0', mountPath: '/www', readOnly: true },
      { name: 'files-1', mountPath: '/etc/a.conf', subPath: 'file', readOnly: true },
    ])
    expect(remarks(result)).toContain('warning FILES_READ_ONLY services.web.volumes[1]')
  })

  test('keeps bytes that are no text as they are', () => {
    const raw = { base64: Buffer.from([0, 255]).toString('base64') }
    const result = compiled({ volumes: ['./site:/www:ro'] }, {}, { 'site/a.bin': raw, 'site/b.txt': 'b' })
    const site = subjects(result).find((one) => one.startsWith('ConfigMap/')) ?? ''
    expect(at(result, site, 'binaryData')).toEqual({ 'a.bin': 'AP8=' })
    expect(at(result, site, 'data')).toEqual({ 'b.txt': 'b' })
  })

  test('of more than a cluster takes is refused', () => {
    const result = compiled({ volumes: ['./big:/big:ro'] }, {}, { big: 'x'.repeat(1024 * 1024 + 1) })
    expect(remarks(result)).toContain('error OBJECT_TOO_LARGE services.web.volumes[0]')
  })

  test('of what did not come is refused, and so is the machine unless the operator allows it', () => {
    expect(remarks(compiled({ volumes: ['./absent:/x'] }))).toContain(
      'error FILE_NOT_SENT services.web.volumes[0]',
    )
    const machine = { volumes: ['/srv:/srv:ro'] }
    expect(remarks(compiled(machine))).toContain('error NOT_ALLOWED services.web.volumes[0]')
    const allowed = compiled(machine, {}, {}, ['host_path'])
    expect(podOf(allowed, 'volumes')).toEqual([{ name: 'host-0', hostPath: { path: '/srv' } }])
    const socket = compiled({ volumes: ['/var/run/docker.sock:/s'] }, {}, {}, ['host_path'])
    expect(remarks(socket)).toContain('error NOT_ALLOWED services.web.volumes[0]')
  })
})
