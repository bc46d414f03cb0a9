import { expect, test } from 'vitest'
import { toHeadlessName, toObjectName } from '../../src/orchestrators/kubernetes/compile/names.ts'
import { toHostname } from '../../src/system/names.ts'
import { compileServices, identity, port, remarks, service, subjects } from './specs.ts'

const dnsLabel = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/

test('names objects by system and service', () => {
  expect(toObjectName('shop', 'web')).toBe('shop-web')
  expect(toObjectName('shop', 'My_DB.2')).toBe('shop-my-db-2')
})

test('names the object as the system where the service is called so', () => {
  expect(toObjectName('shop', 'shop')).toBe('shop')
})

test('cuts long names with a hash, so that what Kubernetes appends has room', () => {
  const names = ['a', 'b'].map((end) => toObjectName('s'.repeat(40), `${'w'.repeat(60)}${end}`))
  for (const name of names) {
    expect(name).toMatch(dnsLabel)
    expect(name.length).toBeLessThanOrEqual(52)
  }
  expect(new Set(names).size).toBe(2)
  expect(toHostname('x'.repeat(63))).toHaveLength(63)
})

test('names the headless Service as no service can be', () => {
  const name = toHeadlessName('shop')
  expect(name).toMatch(dnsLabel)
  for (const wish of ['net', '-net', '--net', '_net', '.net', 'shop--net'])
    expect(toObjectName('shop', wish)).not.toBe(name)
})

test('lists every name that the system holds', () => {
  expect(compileServices({ web: service({ ports: [port(80)] }) }).objectNames).toEqual(['shop-web'])
  expect(compileServices({ shop: service(), db: service() }).objectNames).toEqual([
    'shop--net',
    'shop',
    'shop-db',
  ])
})

test('uses no name that it does not list', () => {
  const compiled = compileServices({
    web: service({ ports: [port(80)] }),
    db: service({ restart: { condition: 'no' } }),
  })
  const used = subjects(compiled).map((subject) => subject.split('/')[1])
  expect(new Set(used)).toEqual(new Set(compiled.objectNames))
})

test('refuses names that no label can hold', () => {
  const names = ['_web', 'web.', 'w'.repeat(64)]
  const compiled = compileServices(Object.fromEntries(names.map((name) => [name, service()])))
  expect(remarks(compiled)).toContain('error INVALID_SERVICE_NAME services._web')
  expect(remarks(compiled).filter((one) => one.includes('INVALID_SERVICE_NAME'))).toHaveLength(3)
})

test('warns where a service is asked for by a name that is not a host name', () => {
  const web = service({
    environment: { DB_URL: 'redis://my_db:6379', OTHER: 'my_db2', PREFIX: 'x-my_db' },
    command: ['--db', 'my_db'],
  })
  expect(remarks(compileServices({ web, my_db: service() }))).toEqual([
    'warning SERVICE_RENAMED services.web.environment.DB_URL',
    'warning SERVICE_RENAMED services.web.command',
  ])
})

test('finds a service in capitals, because host names are without case', () => {
  const web = service({ environment: { DB: 'MyDB' } })
  expect(remarks(compileServices({ web, MyDB: service() }))).toEqual([])
})

test('names objects after the identity, not the file', () => {
  const compiled = compileServices({ web: service() }, { identity: { ...identity, name: 'other' } })
  expect(subjects(compiled)).toEqual(['Deployment/other-web'])
})
