// Keys of a service that are fields of its pod.
import { describe, expect, test } from 'vitest'
import { parseCompose } from '../../src/compose/parse.ts'
import { compile } from '../../src/orchestrators/kubernetes/compile/compile.ts'
import type { Compiled } from '../../src/orchestrators/orchestrator.ts'
import { at, identity, remarks } from './specs.ts'

function compileWeb(web: Record<string, unknown>): Compiled {
  const compose = { services: { web: { image: 'nginx', restart: 'always', ...web } } }
  const { spec, problems } = parseCompose({ compose, env: {} })
  if (!spec) throw new Error(JSON.stringify(problems))
  return compile({ identity, spec, exposure: 'nodePort' })
}

const podOf = (web: Record<string, unknown>) =>
  at(compileWeb(web), 'Deployment/shop-web', 'spec.template.spec') as Record<string, unknown>
const containerOf = (web: Record<string, unknown>) => (podOf(web).containers as unknown[])[0]
const metadataOf = (web: Record<string, unknown>) =>
  at(compileWeb(web), 'Deployment/shop-web', 'spec.template.metadata')

describe('fields of the container', () => {
  test.each([
    [{ working_dir: '/work' }, { workingDir: '/work' }],
    [{ tty: true }, { tty: true, stdin: true }],
    [{ stdin_open: true }, { stdin: true }],
    [{ user: '1000:100' }, { securityContext: { runAsUser: 1000, runAsGroup: 100 } }],
    [{ read_only: true }, { securityContext: { readOnlyRootFilesystem: true } }],
    [{ cap_drop: ['cap_net_raw'] }, { securityContext: { capabilities: { drop: ['NET_RAW'] } } }],
    [{ security_opt: ['no-new-privileges:true'] }, { securityContext: { allowPrivilegeEscalation: false } }],
    [{ pull_policy: 'missing' }, { imagePullPolicy: 'IfNotPresent' }],
    [{ pull_policy: 'daily' }, { imagePullPolicy: 'Always' }],
    [
      { cpu_quota: 50_000, cpu_shares: 512 },
      { resources: { limits: { cpu: '500m' }, requests: { cpu: '500m' } } },
    ],
    [{ mem_limit: '64m' }, { resources: { limits: { memory: '64Mi' } } }],
    [{ storage_opt: { size: '1G' } }, { resources: { limits: { 'ephemeral-storage': '1Gi' } } }],
    [{ tmpfs: '/run:ro' }, { volumeMounts: [{ name: 'memory-0', mountPath: '/run', readOnly: true }] }],
  ])('%j', (web, expected) => expect(containerOf(web)).toMatchObject(expected))
})

describe('fields of the pod', () => {
  test.each([
    [{ stop_grace_period: '1m30s' }, { terminationGracePeriodSeconds: 90 }],
    [{}, { terminationGracePeriodSeconds: 10 }],
    [
      { platform: 'linux/aarch64' },
      { nodeSelector: { 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'arm64' } },
    ],
    [{ group_add: ['100'] }, { securityContext: { supplementalGroups: [100] } }],
    [
      { sysctls: { 'net.ipv4.tcp_syncookies': 0 } },
      { securityContext: { sysctls: [{ name: 'net.ipv4.tcp_syncookies', value: '0' }] } },
    ],
    [
      { extra_hosts: { a: '10.0.0.1', b: '10.0.0.1' } },
      { hostAliases: [{ ip: '10.0.0.1', hostnames: ['a', 'b'] }] },
    ],
    [
      { dns_search: 'example.com', dns_opt: ['ndots:2', 'rotate'] },
      {
        dnsConfig: {
          searches: ['example.com'],
          options: [{ name: 'ndots', value: '2' }, { name: 'rotate' }],
        },
      },
    ],
    [
      { shm_size: '64m', volumes: ['/own'] },
      {
        volumes: [
          { name: 'own-0', emptyDir: {} },
          { name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: '64Mi' } },
        ],
      },
    ],
  ])('%j', (web, expected) => expect(podOf(web)).toMatchObject(expected))

  test('labels are labels where they fit, and annotations always', () => {
    const metadata = metadataOf({ labels: { team: 'a', note: 'free text' }, annotations: { why: 'x y' } })
    expect(metadata).toMatchObject({ annotations: { team: 'a', note: 'free text', why: 'x y' } })
    expect(metadata).toHaveProperty('labels.team', 'a')
    expect(metadata).not.toHaveProperty('labels.note')
  })

  test("Tycho's own labels stay its own", () => {
    const web = { labels: { 'tycho.io/sid': 'mine', '-x': '1' } }
    expect(metadataOf(web)).toMatchObject({ labels: { 'tycho.io/sid': identity.sid } })
    expect(remarks(compileWeb(web))).toEqual([
      'warning LABEL_IGNORED services.web.labels.tycho.io/sid',
      'warning LABEL_IGNORED services.web.labels.-x',
    ])
  })
})

describe('what is not done is said', () => {
  test.each([
    [{ user: 'www' }, 'error USER_BY_NAME services.web.user'],
    [{ user: '0' }, 'error NOT_ALLOWED services.web.user'],
    [{ group_add: ['mail'] }, 'error USER_BY_NAME services.web.group_add'],
    [{ sysctls: { 'net.core.somaxconn': 1 } }, 'error NOT_ALLOWED services.web.sysctls.net.core.somaxconn'],
    [{ security_opt: ['seccomp:unconfined'] }, 'error NOT_ALLOWED services.web.security_opt[0]'],
    [{ privileged: true }, 'error NOT_ALLOWED services.web.privileged'],
    [{ network_mode: 'host' }, 'error NOT_ALLOWED services.web.network_mode'],
    [{ pid: 'container:x' }, 'error NOT_ON_KUBERNETES services.web.pid'],
    [{ build: '.' }, 'info NOT_BUILT_HERE services.web.build'],
    [{ hostname: 'other' }, 'warning NAME_NOT_SERVED services.web.hostname'],
    [{ hostname: 'web' }, undefined],
    [{ stop_signal: 'SIGINT' }, 'warning STOP_SIGNAL_GATED services.web.stop_signal'],
    [{ extra_hosts: ['a=host-gateway'] }, 'error HOST_GATEWAY services.web.extra_hosts.a'],
    [{ tmpfs: '/a:uid=1' }, 'warning TMPFS_OPTIONS_IGNORED services.web.tmpfs[0]'],
    [{ ulimits: { nofile: 1 } }, 'warning NOT_APPLIED services.web.ulimits'],
    [{ logging: { driver: 'none' } }, 'info NO_EFFECT services.web.logging'],
    [{ mem_limit: '1g', memswap_limit: '1g' }, undefined],
  ])('%j', (web, expected) => {
    expect(remarks(compileWeb(web))).toEqual(expected === undefined ? [] : [expected])
  })
})
