import { describe, expect, it } from 'vitest'
import { compileFile, compileService, containerOf, createOf, engineOf, objectsOf, remarks } from './kit.ts'

const old = engineOf(41)

describe('the container of a service', () => {
  it.each([
    [
      { entrypoint: [], command: ['run'] },
      { Entrypoint: [''], Cmd: ['run'] },
    ],
    [{ entrypoint: ['/a'] }, { Entrypoint: ['/a'] }],
    [
      { user: 'me:us', working_dir: '/w' },
      { User: 'me:us', WorkingDir: '/w' },
    ],
    [
      { tty: true, stdin_open: true },
      { Tty: true, OpenStdin: true },
    ],
    [
      { hostname: 'h', domainname: 'd.org' },
      { Hostname: 'h', Domainname: 'd.org' },
    ],
    [
      { stop_signal: 'SIGINT', stop_grace_period: '90s' },
      { StopSignal: 'SIGINT', StopTimeout: 90 },
    ],
    [{ expose: ['53/udp'] }, { ExposedPorts: { '53/udp': {} } }],
    [{ healthcheck: { disable: true } }, { Healthcheck: { Test: ['NONE'] } }],
    [
      { healthcheck: { test: 'true', interval: '1.5s', start_period: '2s', start_interval: '250ms' } },
      {
        Healthcheck: {
          Test: ['CMD-SHELL', 'true'],
          Interval: 1_500_000_000,
          Timeout: 30_000_000_000,
          Retries: 3,
          StartPeriod: 2_000_000_000,
          StartInterval: 250_000_000,
        },
      },
    ],
  ])('%j is %j', (service, body) => {
    const compiled = compileService(service)
    expect(remarks(compiled)).toEqual([])
    expect(createOf(compiled).create).toMatchObject(body)
  })

  it.each([
    [{ restart: 'on-failure:3' }, { RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 } }],
    [{ restart: 'unless-stopped' }, { RestartPolicy: { Name: 'unless-stopped' } }],
    [
      { init: true, read_only: true },
      { Init: true, ReadonlyRootfs: true },
    ],
    [{ cap_drop: ['CAP_net_raw'] }, { CapDrop: ['NET_RAW'] }],
    [{ security_opt: ['no-new-privileges:true'] }, { SecurityOpt: ['no-new-privileges=true'] }],
    [{ group_add: ['video', '100'] }, { GroupAdd: ['video', '100'] }],
    [
      { dns: '10.0.0.1', dns_search: 'a.org' },
      { Dns: ['10.0.0.1'], DnsSearch: ['a.org'] },
    ],
    [{ extra_hosts: { h: 'host-gateway' } }, { ExtraHosts: ['h:host-gateway'] }],
    [
      { shm_size: '64m', tmpfs: '/t:size=1m,uid=7' },
      { ShmSize: 2 ** 26, Tmpfs: { '/t': 'size=1048576,uid=7' } },
    ],
    [{ logging: { driver: 'local', options: { 'max-size': '1m' } } }, { LogConfig: { Type: 'local' } }],
    [
      { cpus: 1.5, mem_limit: '64m', pids_limit: 9 },
      { NanoCpus: 1.5e9, Memory: 2 ** 26, PidsLimit: 9 },
    ],
    [
      { cpu_quota: 50_000, cpu_period: 100_000 },
      { CpuQuota: 50_000, CpuPeriod: 100_000 },
    ],
    [{ ulimits: { nofile: { soft: 1, hard: 2 } } }, { Ulimits: [{ Name: 'nofile', Soft: 1, Hard: 2 }] }],
    [{ gpus: 'all' }, { DeviceRequests: [{ Count: -1, Capabilities: [['gpu']] }] }],
    [{ sysctls: { 'net.ipv4.tcp_syncookies': 1 } }, { Sysctls: { 'net.ipv4.tcp_syncookies': '1' } }],
    [{ network_mode: 'none' }, { NetworkMode: 'none' }],
    [
      { volumes: [{ type: 'volume', target: '/v', source: 'd', read_only: true }] },
      { Mounts: [{ Type: 'volume', Target: '/v', ReadOnly: true, Source: 'shop_d' }] },
    ],
  ])('%j is %j on its host', (service, host) => {
    const compiled = compileFile({ services: { web: { image: 'nginx', ...service } }, volumes: { d: {} } })
    expect(remarks(compiled).filter((remark) => !remark.endsWith('volumes.d'))).toEqual([])
    expect(createOf(compiled).host).toMatchObject(host)
  })

  it('lives in the namespaces of another one, and is made anew with it', () => {
    const file = (image: string) => ({
      services: { web: { image }, side: { image: 'nginx', network_mode: 'service:web', pid: 'service:web' } },
    })
    const compiled = compileFile(file('one'))
    expect(createOf(compiled, 'side').host).toMatchObject({
      NetworkMode: 'container:shop-web-1',
      PidMode: 'container:shop-web-1',
    })
    expect(containerOf(compiled, 'side').networks).toEqual([])
    const other = containerOf(compileFile(file('two')), 'side')
    expect(other.labels['io.tycho.hash']).not.toBe(containerOf(compiled, 'side').labels['io.tycho.hash'])
  })

  it('is made and not started where the service has no copies', () => {
    const compiled = compileService({ scale: 0 })
    expect(remarks(compiled)).toEqual(['info NO_COPIES services.web.deploy.replicas'])
    expect(containerOf(compiled).suspended).toBe(true)
  })

  it('has the steps of its hooks, those before its end in a label', () => {
    const compiled = compileService({
      post_start: [{ command: ['a'], environment: { A: '1' } }],
      pre_stop: [{ command: ['b'], working_dir: '/w' }],
    })
    expect(containerOf(compiled).postStart).toEqual([{ Cmd: ['a'], Env: ['A=1'] }])
    expect(JSON.parse(containerOf(compiled).labels['io.tycho.pre-stop'] ?? '')).toEqual([
      { Cmd: ['b'], WorkingDir: '/w' },
    ])
  })

  it.each([
    [{ command: [] }, 'error COMMAND_CLEARED services.web.command'],
    [{ entrypoint: [] }, 'error ENTRYPOINT_CLEARED services.web.entrypoint'],
    [{ runtime: 'runsc' }, 'error NOT_ON_DOCKER services.web.runtime'],
    [{ logging: { driver: 'gelf' } }, 'warning NOT_APPLIED services.web.logging'],
    [{ logging: { driver: 'none' } }, 'warning LOGS_NOT_KEPT services.web.logging'],
    [{ stop_grace_period: '1500ms' }, 'info DURATION_ROUNDED services.web.stop_grace_period'],
    [{ labels: { 'io.tycho.sid': 'x' } }, 'warning LABEL_IGNORED services.web.labels.io.tycho.sid'],
    [{ 'x-k8s': { tolerations: [] } }, 'info EXTENSION_IGNORED services.web.x-k8s'],
    [{ storage_opt: { size: '1G' } }, 'warning NOT_APPLIED services.web.storage_opt'],
    [{ external_links: ['a'] }, 'error NOT_ON_DOCKER services.web.external_links'],
    [{ pid: 'container:a' }, 'error NOT_ON_DOCKER services.web.pid'],
    [{ security_opt: ['seccomp=profile.json'] }, 'error NOT_ON_DOCKER services.web.security_opt[0]'],
    [{ volumes_from: ['container:a'] }, 'error NOT_ON_DOCKER services.web.volumes_from'],
    [{ volumes: ['./a:/a'] }, 'error FILE_NOT_SENT services.web.volumes[0]'],
    [{ volumes: ['/a'] }, 'info ANONYMOUS_VOLUME services.web.volumes[0]'],
    [
      { deploy: { update_config: { order: 'start-first' } } },
      'warning NOT_APPLIED services.web.deploy.update_config.order',
    ],
  ])('%j is remarked on: %s', (service, remark) => {
    expect(remarks(compileService(service))).toEqual([remark])
  })

  it('has nothing that its engine is too old for', () => {
    const service = { networks: { default: { mac_address: '02:42:ac:11:65:43', gw_priority: 1 } } }
    const compiled = compileService(service, { facts: old })
    expect(remarks(compiled)).toEqual(['warning NOT_APPLIED services.web.networks.default.gw_priority'])
    expect(createOf(compiled).create.MacAddress).toBe('02:42:ac:11:65:43')
    expect(containerOf(compiled).networks[0]).toMatchObject({ macAddress: null, gatewayPriority: null })
    const current = compileService(service)
    expect(createOf(current).create).not.toHaveProperty('MacAddress')
    expect(containerOf(current).networks[0]).toMatchObject({
      macAddress: '02:42:ac:11:65:43',
      gatewayPriority: 1,
    })
    const subpath = { volumes: [{ type: 'volume', source: 'd', target: '/d', volume: { subpath: 'a' } }] }
    const file = { services: { web: { image: 'nginx', ...subpath } }, volumes: { d: {} } }
    expect(remarks(compileFile(file, { facts: old }))).toEqual([
      'error NOT_ON_DOCKER services.web.volumes[0]',
    ])
    expect(remarks(compileFile(file))).toEqual([])
  })
})

describe('what others wait for', () => {
  const pair = (web: object, condition: string) =>
    remarks(
      compileFile({
        services: { web: { image: 'a', ...web }, app: { image: 'b', depends_on: { web: { condition } } } },
      }),
    )

  it('must end, where its end is waited for', () => {
    expect(pair({ restart: 'always' }, 'service_completed_successfully')).toEqual([
      'error DEPENDENCY_NEVER_COMPLETES services.app.depends_on.web',
    ])
    expect(pair({}, 'service_completed_successfully')).toEqual([])
  })

  it('may have its healthcheck in the image', () => {
    expect(pair({}, 'service_healthy')).toEqual([
      'warning HEALTHY_WITHOUT_HEALTHCHECK services.app.depends_on.web',
    ])
  })
})

describe('files that services mount', () => {
  const file = {
    services: {
      web: {
        image: 'nginx',
        configs: ['settings'],
        secrets: [{ source: 'key', target: 'k', uid: '7', mode: 0o400 }],
        volumes: ['./html:/html:ro'],
      },
      other: { image: 'nginx' },
    },
    configs: { settings: { content: 'a' } },
    secrets: { key: { environment: 'KEY' } },
  }
  const options = {
    files: { 'html/a.html': '<p>', 'html/sub/run.sh': '#!/bin/sh\n' },
    env: { KEY: 'hidden' },
  }

  it('are one object of the service, and mounts of what is in it', () => {
    const compiled = compileFile(file, options)
    const [held, ...others] = objectsOf(compiled, 'files')
    expect(others).toEqual([])
    expect(held?.entries).toEqual({
      'configs-0': { content: 'a', mode: 0o444, uid: 0, gid: 0, secret: false },
      'secrets-0': { content: 'hidden', mode: 0o400, uid: 7, gid: 0, secret: true },
      'volumes-0/a.html': { content: '<p>', mode: 0o644, uid: 0, gid: 0, secret: false },
      'volumes-0/sub/run.sh': { content: '#!/bin/sh\n', mode: 0o755, uid: 0, gid: 0, secret: false },
    })
    expect(containerOf(compiled).files).toEqual([
      { files: held?.name, key: 'configs-0', target: '/settings', readOnly: true },
      { files: held?.name, key: 'secrets-0', target: '/run/secrets/k', readOnly: true },
      { files: held?.name, key: 'volumes-0', target: '/html', readOnly: true },
    ])
  })

  it('are another object once one of them is another', () => {
    const names = [options, { ...options, env: { KEY: 'other' } }].map(
      (given) => objectsOf(compileFile(file, given), 'files')[0]?.name,
    )
    expect(names[0]).not.toBe(names[1])
  })

  it.each([
    [{ configs: { settings: { external: true } } }, 'error NOT_ON_DOCKER configs.settings.external'],
    [{ configs: { settings: { file: 'no.txt' } } }, 'error FILE_NOT_SENT configs.settings.file'],
    [{ secrets: { key: { environment: 'NONE' } } }, 'error VARIABLE_NOT_SET secrets.key.environment'],
  ])('%j are refused: %s', (more, remark) => {
    expect(remarks(compileFile({ ...file, ...more }, options))).toEqual([remark])
  })
})
