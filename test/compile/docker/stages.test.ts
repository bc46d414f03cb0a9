import { describe, expect, it } from 'vitest'
import { compileFile, compileService, containerOf, createOf, objectsOf, subjects } from './kit.ts'

const shop = {
  services: {
    web: {
      image: 'shop/web',
      command: ['serve', '--all'],
      environment: { A: '1', B: '' },
      ports: ['8080:80', '9090'],
      depends_on: { db: { condition: 'service_healthy' } },
      scale: 2,
    },
    db: { image: 'postgres:17', volumes: ['data:/var/lib'], healthcheck: { test: 'true' } },
  },
  volumes: { data: {} },
}

describe('a system on an engine', () => {
  it('stands in the first stage but for its containers, which come as they depend on each other', () => {
    const compiled = compileFile(shop)
    expect(subjects(compiled)).toEqual([
      'image/shop/web',
      'image/postgres:17',
      'network/shop_default',
      'volume/shop_data',
      'container/shop-db-1',
      'container/shop-web-1',
      'container/shop-web-2',
    ])
    expect(compiled.stages.map(({ services, requires }) => ({ services, requires }))).toEqual([
      { services: ['db'], requires: [] },
      { services: ['web'], requires: [{ service: 'db', condition: 'healthy' }] },
    ])
  })

  it('has what the file says in the bodies of its containers', () => {
    const compiled = compileFile(shop)
    const { create, host } = createOf(compiled)
    expect(create).toMatchObject({ Cmd: ['serve', '--all'], Env: ['A=1', 'B='], StopTimeout: 10 })
    expect(host.RestartPolicy).toEqual({ Name: 'no' })
    expect(containerOf(compiled)).toMatchObject({
      image: 'shop/web',
      networks: [{ network: 'shop_default', aliases: ['web'] }],
      ports: [
        { containerPort: 80, protocol: 'tcp', hostIp: null, asked: { from: 8080, to: 8080 } },
        { containerPort: 9090, protocol: 'tcp', hostIp: null, asked: null },
      ],
    })
    expect(createOf(compiled, 'db').host.Mounts).toEqual([
      { Type: 'volume', Target: '/var/lib', Source: 'shop_data' },
    ])
  })

  it('marks what is its own, and volumes without the incarnation', () => {
    const compiled = compileFile(shop)
    const [network] = objectsOf(compiled, 'network')
    const [volume] = objectsOf(compiled, 'volume')
    expect(network?.labels).toMatchObject({ 'io.tycho.system': 'shop', 'io.tycho.sid': expect.any(String) })
    expect(containerOf(compiled).labels).toMatchObject({ 'io.tycho.service': 'web' })
    expect(volume?.labels).toMatchObject({ 'io.tycho.system': 'shop', 'io.tycho.tenant': 'class' })
    expect(volume?.labels).not.toHaveProperty(['io.tycho.sid'])
  })

  it('lets no label of the file pass for one of its own', () => {
    const labels = containerOf(compileService({ labels: { 'io.tycho.sid': 'x', mine: 'y' } })).labels
    expect(labels['io.tycho.sid']).not.toBe('x')
    expect(labels.mine).toBe('y')
  })

  it('is the same for the same input, and its hashes are', () => {
    expect(compileFile(shop).stages).toEqual(compileFile(shop).stages)
  })

  it('has another hash for what stands on something that has changed', () => {
    const hashOf = (driver: string) =>
      containerOf(
        compileFile({
          services: { web: { image: 'nginx', networks: ['net'] } },
          networks: { net: { driver: 'bridge', labels: { driver } } },
        }),
      ).labels['io.tycho.hash']
    expect(hashOf('one')).not.toBe(hashOf('other'))
  })

  it('has a prefix for each object of a namespace that is not the default', () => {
    const namespace = { tenant: 'class', namespace: 'ann', name: 'shop', sid: '1' }
    expect(subjects(compileFile(shop, { identity: namespace }))).toContain('container/ann.shop-web-1')
  })

  it('starts nothing while it is suspended, and waits for nobody', () => {
    const compiled = compileFile(shop, { suspended: true })
    expect(compiled.stages).toHaveLength(1)
    expect(objectsOf(compiled, 'container').every(({ suspended }) => suspended)).toBe(true)
    expect(containerOf(compiled).labels['io.tycho.suspended']).toBe('true')
  })

  it('is made anew by a restart', () => {
    const hashOf = (restartedAt: string | null) =>
      containerOf(compileFile(shop, { restartedAt })).labels['io.tycho.hash']
    expect(hashOf('2026-01-01T00:00:00Z')).not.toBe(hashOf(null))
  })

  it('runs what is before a service once, in its turn, and then for each copy', () => {
    const compiled = compileService({
      scale: 2,
      pre_start: [{ command: ['migrate'] }, { command: ['warm'], per_replica: true }],
    })
    expect(compiled.stages.map(({ services }) => services)).toEqual([
      ['web/pre_start'],
      ['web/pre_start/2'],
      ['web'],
    ])
    expect(compiled.stages[2]?.requires).toEqual([{ service: 'web/pre_start/2', condition: 'completed' }])
    expect(subjects(compiled).filter((subject) => subject.startsWith('container/'))).toEqual([
      'container/shop--pre-start-web-1',
      'container/shop--pre-start-web-2-1',
      'container/shop--pre-start-web-2-2',
      'container/shop-web-1',
      'container/shop-web-2',
    ])
    expect(containerOf(compiled, 'web/pre_start').networks[0]?.aliases).toEqual([])
  })
})

describe('the names of a system', () => {
  it('are those of its services without the numbers of copies, of its networks and volumes', () => {
    expect(compileFile(shop).objectNames).toEqual(['shop-web', 'shop-db', 'shop_default', 'shop_data'])
  })

  it('are held by a container of a name that another system would give to a copy', () => {
    const { objectNames } = compileService({ container_name: 'other-app-1' })
    expect(objectNames).toEqual(['shop-web', 'other-app-1', 'other-app', 'shop_default'])
  })
})
