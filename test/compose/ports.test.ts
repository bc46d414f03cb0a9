import { describe, expect, test } from 'vitest'
import type { PortSpec } from '../../src/system/spec.ts'
import { placesOf, webFile, webOf, webProblems } from './kit.ts'

/** `hostIp|from-to|target/protocol`. */
function shown(port: PortSpec): string {
  const { hostIp, published, target, protocol } = port
  return `${hostIp ?? '*'}|${published ? `${published.from}-${published.to}` : 'any'}|${target}/${protocol}`
}

describe('ports', () => {
  test.each([
    ['80', ['*|any|80/tcp']],
    ['"80"', ['*|any|80/tcp']],
    ['"80/udp"', ['*|any|80/udp']],
    ['"80/TCP"', ['*|any|80/tcp']],
    ['"80/sctp"', ['*|any|80/sctp']],
    ['8080:80', ['*|8080-8080|80/tcp']],
    ['"0:80"', ['*|any|80/tcp']],
    ['":80"', ['*|any|80/tcp']],
    ['"8000-8002:80"', ['*|8000-8002|80/tcp']],
    ['"80-81"', ['*|any|80/tcp', '*|any|81/tcp']],
    ['"8080-8081:80-81/udp"', ['*|8080-8080|80/udp', '*|8081-8081|81/udp']],
    ['"127.0.0.1:8080:80"', ['127.0.0.1|8080-8080|80/tcp']],
    ['"127.0.0.1::80"', ['127.0.0.1|any|80/tcp']],
    ['"127.0.0.1:80-81:80-81"', ['127.0.0.1|80-80|80/tcp', '127.0.0.1|81-81|81/tcp']],
    ['"[::1]:8080:80"', ['::1|8080-8080|80/tcp']],
    ['"[::1]::80/udp"', ['::1|any|80/udp']],
    ['"::1:8080:80"', ['::1|8080-8080|80/tcp']],
    ['{target: 80}', ['*|any|80/tcp']],
    ['{target: "80", published: 8080, protocol: udp}', ['*|8080-8080|80/udp']],
    ['{target: 80, published: "8000-8010", host_ip: "::1"}', ['::1|8000-8010|80/tcp']],
    ['{target: 80, published: "", host_ip: ""}', ['*|any|80/tcp']],
  ])('%s', (port, ports) => expect(webOf(`ports:\n  - ${port}`).ports.map(shown)).toEqual(ports))

  test('the long form has a name, a protocol of the application and a mode', () => {
    expect(webOf('ports: [{target: 80, name: http, app_protocol: h2c, mode: host}]').ports).toEqual([
      {
        target: 80,
        published: null,
        protocol: 'tcp',
        hostIp: null,
        name: 'http',
        appProtocol: 'h2c',
        mode: 'host',
        extensions: {},
      },
    ])
  })

  test.each([
    ['"70000:80"', 'PORT_OUT_OF_RANGE services.web.ports[0]'],
    ['65536', 'PORT_OUT_OF_RANGE services.web.ports[0]'],
    ['"8080:0"', 'PORT_OUT_OF_RANGE services.web.ports[0]'],
    ['-1', 'INVALID_PORT services.web.ports[0]'],
    ['80.5', 'INVALID_PORT services.web.ports[0]'],
    ['""', 'INVALID_PORT services.web.ports[0]'],
    ['"http"', 'INVALID_PORT services.web.ports[0]'],
    ['"8080:"', 'INVALID_PORT services.web.ports[0]'],
    ['"80/icmp"', 'INVALID_PORT services.web.ports[0]'],
    ['"80/"', 'INVALID_PORT services.web.ports[0]'],
    ['"81-80"', 'INVALID_PORT services.web.ports[0]'],
    ['"8000-8005:80-81"', 'INVALID_PORT services.web.ports[0]'],
    ['"8000:80-81"', 'INVALID_PORT services.web.ports[0]'],
    ['"localhost:80:80"', 'INVALID_PORT services.web.ports[0]'],
    ['{published: 80}', 'MISSING_KEY services.web.ports[0]'],
    ['{target: 70000}', 'PORT_OUT_OF_RANGE services.web.ports[0].target'],
    ['{target: 80, published: 70000}', 'PORT_OUT_OF_RANGE services.web.ports[0].published'],
    ['{target: 80, published: x}', 'INVALID_PORT services.web.ports[0].published'],
    ['{target: 80, protocol: x}', 'INVALID_PORT services.web.ports[0].protocol'],
    ['{target: 80, host_ip: x}', 'INVALID_PORT services.web.ports[0].host_ip'],
    ['{target: 80, mode: x}', 'INVALID_VALUE services.web.ports[0].mode'],
    ['null', 'WRONG_TYPE services.web.ports[0]'],
  ])('%s is refused', (port, problem) => expect(webProblems(`ports:\n  - ${port}`)).toEqual([problem]))

  test('the same port twice is refused', () => {
    expect(webProblems('ports: [8080:80, "8080:80/tcp"]')).toEqual(['DUPLICATE_PORT services.web.ports'])
    expect(webProblems('ports: [8080:80, 8081:80, 8080:80/udp, "127.0.0.1:8080:80"]')).toEqual([])
  })

  test('each bad port is named where it stands', () => {
    expect(placesOf(webFile('ports:\n  - 80-81\n  - x\n  - {target: x}'))).toEqual([
      '6:9 INVALID_PORT services.web.ports[1]',
      '7:10 WRONG_TYPE services.web.ports[2].target',
    ])
  })
})

describe('expose', () => {
  test('takes ports, ranges and protocols, each port once', () => {
    expect(webOf('expose: [3000, "3000", "4000-4001", 53/udp]').expose).toEqual([
      { port: 3000, protocol: 'tcp' },
      { port: 4000, protocol: 'tcp' },
      { port: 4001, protocol: 'tcp' },
      { port: 53, protocol: 'udp' },
    ])
  })

  test.each([
    ['"80:80"', 'INVALID_PORT'],
    ['70000', 'PORT_OUT_OF_RANGE'],
    ['80/x', 'INVALID_PORT'],
    ['80/tcp/udp', 'INVALID_PORT'],
  ])('%s is refused', (port, code) =>
    expect(webProblems(`expose: [${port}]`)).toEqual([`${code} services.web.expose[0]`]),
  )
})
