// The operator's policy file.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { DEFAULT_POLICY, METADATA_ADDRESSES, PERMISSIONS } from '../../src/system/policy.ts'
import { PolicyFile, parsePolicies, readPolicies } from '../../src/tenants/policy.ts'

const parse = (text: string) => parsePolicies(text, 'policy.yml')

describe('a policy file', () => {
  test('gives each tenant its own rule over the default one, key by key', () => {
    const policies = parse(`
default:
  images: ['registry.example.org/*']
  resources: {max: {cpus: 4, memory: 8G}}
  volumes: {size: 5Gi}
  network: isolate
tenants:
  class:
    allow: [root]
    resources: {default: {memory: 512M}}
    volumes: {storageClass: fast}
    network: open
`)
    expect(policies.of('class')).toEqual({
      allow: ['root'],
      images: ['registry.example.org/*'],
      resources: {
        default: { cpus: null, memoryBytes: 512 * 1024 ** 2 },
        max: { cpus: 4, memoryBytes: 8 * 1024 ** 3 },
      },
      volumes: { size: '5Gi', storageClass: 'fast' },
      isolate: false,
      serviceAccounts: [],
    })
    expect(policies.of('other')).toMatchObject({ allow: [], isolate: true })
  })

  test('may be empty, or not be there', async () => {
    expect(parse('').of('class')).toEqual(DEFAULT_POLICY)
    expect((await readPolicies(null)).of('class')).toEqual(DEFAULT_POLICY)
  })

  test('stands over what the settings say of volumes', async () => {
    const base = { ...DEFAULT_POLICY, volumes: { size: '2Gi', storageClass: 'slow' } }
    expect((await readPolicies(null, base)).of('class').volumes).toEqual(base.volumes)
    const policies = parsePolicies('default: {volumes: {size: 10G}}', 'policy.yml', base)
    expect(policies.of('class').volumes).toEqual({ size: '10G', storageClass: 'slow' })
    expect(() => parse('default: {volumes: {size: much}}')).toThrow(/default\.volumes\.size/)
  })

  test('is refused with the place of each rule that is wrong', () => {
    const text = 'default: {allow: [everything], image: [a]}\ntenants: {class: {network: closed}}'
    expect(() => parse(text)).toThrow(
      /has no key image\n[\s\S]*default\.allow\[0\] must be one of privileged, [\s\S]*tenants\.class\.network must be one of open, isolate/,
    )
  })

  test('is refused with the line where it is no YAML', () => {
    expect(() => parse('default: {allow: [')).toThrow(/policy.yml is wrong:[\s\S]*\(?1:19|line 1/)
  })

  test('closes the metadata addresses of clouds, others, or none', () => {
    expect(parse('').metadataAddresses).toEqual(METADATA_ADDRESSES)
    expect(parse('metadataAddresses: []').metadataAddresses).toEqual([])
    expect(parse('metadataAddresses: [192.0.2.7, 2001:db8::/32]').metadataAddresses).toEqual([
      '192.0.2.7/32',
      '2001:db8::/32',
    ])
    expect(() => parse('metadataAddresses: [192.0.2.7/33]')).toThrow(
      /metadataAddresses\[0\] must be a network such as/,
    )
  })

  test('that is named and not there is refused', async () => {
    await expect(readPolicies('/nowhere/policy.yml')).rejects.toMatchObject({ code: 'POLICY_UNREADABLE' })
  })
})

describe('docs/policy.md', () => {
  const page = readFileSync(new URL('../../docs/policy.md', import.meta.url), 'utf8')
  const example = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? ''

  test('has an example that is read', () => {
    expect(parse(example).of('platform')).toMatchObject({ images: ['*'], isolate: true })
  })

  test('has a line for every permission, and for every key of a rule', () => {
    const keys = Object.keys(PolicyFile.properties.default.properties)
    for (const word of [...PERMISSIONS, ...keys.filter((key) => key !== 'resources')])
      expect(page).toContain(`\n| \`${word}\` |`)
  })
})
