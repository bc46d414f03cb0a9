import { describe, expect, it } from 'vitest'
import { compileFile, compileService, containerOf, objectsOf, remarks } from './kit.ts'

describe('the networks of a system', () => {
  it('are made as the file has them, those alone that are used', () => {
    const compiled = compileFile({
      services: { web: { image: 'a', networks: { front: { ipv4_address: '10.7.0.9', aliases: ['w'] } } } },
      networks: {
        front: {
          driver: 'overlay',
          internal: true,
          ipam: {
            config: [{ subnet: '10.7.0.0/24', gateway: '10.7.0.1', aux_addresses: { r: '10.7.0.2' } }],
          },
        },
      },
    })
    expect(remarks(compiled)).toEqual(['info OVERLAY_AS_BRIDGE networks.front.driver'])
    expect(objectsOf(compiled, 'network')).toMatchObject([
      {
        name: 'shop_front',
        driver: 'bridge',
        internal: true,
        subnets: [{ subnet: '10.7.0.0/24', gateway: '10.7.0.1', ipRange: null, reserved: { r: '10.7.0.2' } }],
      },
    ])
    expect(containerOf(compiled).networks).toMatchObject([{ ipv4: '10.7.0.9', aliases: ['web', 'w'] }])
  })

  it('that are there already are named with the namespace, and never made', () => {
    const identity = { tenant: 'class', namespace: 'ann', name: 'shop', sid: '1' }
    const compiled = compileFile(
      {
        services: { web: { image: 'a', networks: ['net'] } },
        networks: { net: { external: true, name: 'lab' } },
      },
      { identity },
    )
    expect(remarks(compiled)).toEqual(['info NETWORK_NOT_MADE networks.net.external'])
    expect(objectsOf(compiled, 'network')).toMatchObject([{ name: 'ann.lab', external: true }])
    expect(compiled.objectNames).toEqual(['shop-web'])
  })

  it('come in the order of their priority', () => {
    const { networks } = containerOf(
      compileFile({
        services: { web: { image: 'a', networks: { one: {}, two: { priority: 10 } } } },
        networks: { one: {}, two: {} },
      }),
    )
    expect(networks.map(({ network }) => network)).toEqual(['shop_two', 'shop_one'])
  })

  it('have the names by which the others call a service', () => {
    const compiled = compileFile({
      services: {
        my_db: { image: 'a', container_name: 'database' },
        web: { image: 'b', links: ['my_db:store'] },
      },
    })
    expect(containerOf(compiled, 'my_db').networks[0]?.aliases).toEqual([
      'my_db',
      'my-db',
      'database',
      'store',
    ])
    expect(containerOf(compiled, 'my_db').name).toBe('database')
    expect(remarks(compiled)).toEqual(['info LINK_FOR_ALL services.web.links[0]'])
  })

  it.each([
    [{ driver: 'weave' }, 'error NOT_ON_DOCKER networks.net.driver'],
    [{ ipam: { driver: 'infoblox' } }, 'error NOT_ON_DOCKER networks.net.ipam.driver'],
    [{ enable_ipv6: true }, 'error SUBNET_REQUIRED networks.net.enable_ipv6'],
    [{ enable_ipv4: false }, 'warning NOT_APPLIED networks.net.enable_ipv4'],
    [{ attachable: true }, 'info NO_EFFECT networks.net.attachable'],
    [
      { driver_opts: { 'com.docker.network.bridge.name': 'docker0' } },
      'error NOT_ALLOWED networks.net.driver_opts.com.docker.network.bridge.name',
    ],
  ])('of %j are remarked on: %s', (net, remark) => {
    const file = { services: { web: { image: 'a', networks: ['net'] } }, networks: { net } }
    expect(remarks(compileFile(file))).toEqual([remark])
  })

  it('give no address that nobody can know, or that several copies would share', () => {
    const networks = { default: { ipv4_address: '10.7.0.9' } }
    expect(remarks(compileService({ networks }))).toEqual([
      'error ADDRESS_WITHOUT_SUBNET services.web.networks.default.ipv4_address',
    ])
    expect(remarks(compileService({ networks, scale: 2 }))).toEqual([
      'error ADDRESS_OF_COPIES services.web.networks.default.ipv4_address',
    ])
  })
})

describe('the ports of a service', () => {
  it('are published where its exposure says', () => {
    const service = { ports: ['8080:80'] }
    const hostIps = (['nodePort', 'loadBalancer', 'clusterIP', 'ingress'] as const).map((exposure) => {
      const compiled = compileService(service, { exposure })
      return [containerOf(compiled).ports[0]?.hostIp, ...remarks(compiled)]
    })
    expect(hostIps).toEqual([
      [null],
      [null, 'info PORT_OF_MACHINE services.web.ports'],
      ['127.0.0.1', 'info PORT_ON_LOOPBACK services.web.ports'],
      [null, 'warning PORT_WITHOUT_HOST services.web.ports'],
    ])
    const settings = { web: { exposure: 'clusterIP' as const } }
    expect(containerOf(compileService(service, { settings })).ports[0]?.hostIp).toBe('127.0.0.1')
  })

  it('are kept to no clients by an engine, so that they are refused', () => {
    const settings = { web: { clients: ['10.0.0.0/8'] } }
    expect(remarks(compileService({ ports: [80] }, { settings }))).toEqual([
      'error CLIENTS_NOT_KEPT services.web.ports',
    ])
  })

  it.each([
    [{ network_mode: 'none' }, 'warning PORT_NOT_EXPOSED services.web.ports[0]'],
    [{ scale: 2 }, 'info PORT_OF_ONE_COPY services.web.ports[0]'],
    [{ network_mode: 'service:db' }, 'error PORTS_OF_OTHER services.web.ports'],
  ])('of %j are remarked on: %s', (service, remark) => {
    const web = { image: 'a', ports: ['8080:80'], ...service }
    expect(remarks(compileFile({ services: { web, db: { image: 'b' } } }))).toEqual([remark])
  })

  it('are published by one alone, where two ask for the same', () => {
    const compiled = compileFile({
      services: { web: { image: 'a', ports: ['8080:80'] }, api: { image: 'b', ports: ['8080:8000'] } },
    })
    expect(remarks(compiled)).toEqual(['warning PORT_PUBLISHED_TWICE services.api.ports[0]'])
  })
})
