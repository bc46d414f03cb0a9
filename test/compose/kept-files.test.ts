import { expect, test } from 'vitest'
import { parseCompose } from '../../src/compose/parse.ts'

const compose = {
  services: {
    web: {
      image: 'nginx',
      volumes: ['./site:/www:ro', './a.conf:/etc/a.conf', '/srv:/srv', './absent:/absent'],
      configs: ['motd'],
      secrets: ['key'],
    },
  },
  configs: { motd: { file: 'motd.txt' } },
  secrets: { key: { file: './keys/../keys/key.bin' } },
}

const bytes = Buffer.from([0, 255, 1]).toString('base64')
const files = {
  'site/index.html': '<p>',
  'site/img/a.png': { base64: bytes },
  'a.conf': 'a',
  'motd.txt': 'hello',
  'keys/key.bin': { base64: bytes },
  'other.txt': 'not named',
}

test('files that configs, secrets and bind mounts name are part of the system, and no others', () => {
  const { spec } = parseCompose({ compose, env: {}, files })
  expect(spec?.files).toEqual({
    './site': { 'img/a.png': { base64: bytes }, 'index.html': '<p>' },
    './a.conf': { '': 'a' },
    'motd.txt': { '': 'hello' },
    './keys/../keys/key.bin': { '': { base64: bytes } },
  })
})

test('a file that a mount names and that is not there is wanted', () => {
  const { spec, filesWanted } = parseCompose({ compose, env: {} })
  expect(spec?.files).toEqual({})
  expect(filesWanted).toEqual(
    expect.arrayContaining(['a.conf', 'absent', 'keys/key.bin', 'motd.txt', 'site']),
  )
})

test('what an image is built from is part of the system, unless it is somewhere else', () => {
  const built = (build: unknown) =>
    parseCompose({ compose: { services: { web: { build } } }, env: {}, files })
  expect(built('./site').spec?.files).toEqual({
    './site': { 'img/a.png': { base64: bytes }, 'index.html': '<p>' },
  })
  expect(Object.keys(built('.').spec?.files['.'] ?? {}).sort()).toEqual(Object.keys(files).sort())
  expect(built('https://github.com/docker/example.git').spec?.files).toEqual({})
})
