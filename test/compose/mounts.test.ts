import { describe, expect, test } from 'vitest'
import type { Mount } from '../../src/system/mounts.ts'
import { codesOf, placesOf, problemsOf, specOf, webFile, webOf, webProblems } from './kit.ts'

function mountOf(mount: string): Mount | undefined {
  return specOf(`${webFile(`volumes:\n  - ${mount}`)}volumes: {data: {}}\n`).services.web?.mounts[0]
}

describe('volumes of a service', () => {
  test.each([
    ['data:/x', { type: 'volume', volume: 'data', target: '/x', readOnly: false }],
    ['data:/x:ro', { type: 'volume', volume: 'data', target: '/x', readOnly: true }],
    ['data:/x:rw,nocopy', { type: 'volume', volume: 'data', noCopy: true }],
    ['/x', { type: 'volume', volume: null, target: '/x' }],
    ['./a:/x:z', { type: 'bind', target: '/x', selinux: 'z', createHostPath: true }],
    ['/a:/x/:ro,rslave', { type: 'bind', source: '/a', target: '/x', readOnly: true, propagation: 'rslave' }],
    ['~/a:/x', { type: 'bind', target: '/x' }],
    ["'C:\\a:/x'", { type: 'bind', source: 'C:\\a', target: '/x' }],
    ["'\\\\.\\pipe\\docker_engine:\\\\.\\pipe\\docker_engine'", { type: 'npipe' }],
    ['pvc://claim:/x', { type: 'claim', claim: 'claim', subpath: null, target: '/x' }],
    ['pvc://claim/a/b:/x:ro', { type: 'claim', claim: 'claim', subpath: 'a/b', readOnly: true }],
    ['{type: tmpfs, target: /x, tmpfs: {size: 64m, mode: 01777}}', { sizeBytes: 67108864, mode: 0o1777 }],
    ['{type: image, source: a/b, target: /x, image: {subpath: c}}', { image: 'a/b', subpath: 'c' }],
    ['{type: volume, source: data, target: /x, volume: {subpath: a}}', { volume: 'data', subpath: 'a' }],
    ['{type: bind, source: ., target: /x, bind: {create_host_path: false}}', { createHostPath: false }],
  ])('%s', (mount, expected) => expect(mountOf(mount)).toMatchObject(expected))

  test.each([
    ['":/x"', 'INVALID_MOUNT services.web.volumes[0]'],
    ['a:b:c:d', 'INVALID_MOUNT services.web.volumes[0]'],
    ['{type: bind, target: /x}', 'MISSING_KEY services.web.volumes[0]'],
    ['{target: /x}', 'MISSING_KEY services.web.volumes[0]'],
    ['{type: tmpfs}', 'MISSING_KEY services.web.volumes[0]'],
    ['{type: disk, target: /x}', 'INVALID_VALUE services.web.volumes[0].type'],
    ['{type: tmpfs, target: /x, tmpfs: {size: -1}}', 'INVALID_VALUE services.web.volumes[0].tmpfs.size'],
    ['{type: tmpfs, target: /x, tmpfs: {mode: "9"}}', 'INVALID_VALUE services.web.volumes[0].tmpfs.mode'],
  ])('%s is refused', (mount, problem) => expect(webProblems(`volumes:\n  - ${mount}`)).toEqual([problem]))

  test('an option that means nothing is a warning', () => {
    expect(webProblems('volumes: ["/a:/x:fast"]')).toEqual(['UNKNOWN_OPTION services.web.volumes[0]'])
  })

  test('two things on one path are refused, whatever they are', () => {
    const lines = 'tmpfs: /x/\nvolumes:\n  - /x\n  - /y\nconfigs: [{source: c, target: /y}]'
    expect(problemsOf(`${webFile(lines)}configs: {c: {content: a}}\n`)).toEqual([
      'DUPLICATE_MOUNT services.web.volumes[0]',
      'DUPLICATE_MOUNT services.web.configs[0]',
    ])
  })

  test('a volume that is not there is named with the nearest', () => {
    const text = `${webFile('volumes:\n  - date:/x')}volumes: {data: {}}\n`
    expect(placesOf(text)[0]).toBe('5:9 UNDEFINED_VOLUME services.web.volumes[0]')
  })
})

describe('other mounts', () => {
  test('tmpfs is a path with options', () => {
    expect(webOf('tmpfs: ["/run:size=64m,mode=1777,uid=1000", /tmp]').tmpfs).toMatchObject([
      { target: '/run', sizeBytes: 67108864, mode: 0o1777, options: ['uid=1000'] },
      { target: '/tmp', sizeBytes: null, mode: null, options: [] },
    ])
    expect(webProblems('tmpfs: "/run:size=big"')).toEqual(['INVALID_VALUE services.web.tmpfs[0]'])
  })

  test('volumes_from names a service or a container', () => {
    const text = 'services: {web: {image: x, volumes_from: ["db:ro", "container:c"]}, db: {image: x}}'
    const { web } = specOf(text).services
    expect(web?.mountsFrom).toEqual([
      { from: 'service', name: 'db', readOnly: true },
      { from: 'container', name: 'c', readOnly: false },
    ])
    expect(web?.dependsOn).toHaveProperty('db')
    expect(codesOf('services: {web: {image: x, volumes_from: [db]}}')).toEqual(['UNKNOWN_DEPENDENCY'])
  })
})

describe('volumes at the top', () => {
  test('may be of others, and then say no more than their name', () => {
    const text = (volume: string) => `${webFile('volumes:\n  - data:/x')}volumes: {data: ${volume}}\n`
    expect(specOf(text('{external: {name: theirs}}')).volumes.data).toMatchObject({
      name: 'theirs',
      external: true,
    })
    expect(problemsOf(text('{external: true, driver_opts: {a: b}}'))).toEqual([
      'EXTERNAL_WITH_OTHERS volumes.data.driver_opts',
    ])
    expect(problemsOf(text('{name: a, external: {name: b}}'))).toEqual([
      'CONFLICTING_KEYS volumes.data.external',
    ])
  })
})
