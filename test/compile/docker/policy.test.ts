import { describe, expect, it } from 'vitest'
import { DEFAULT_POLICY, PERMISSIONS, type Policy } from '../../../src/system/policy.ts'
import { compileFile, compileService, createOf, remarks } from './kit.ts'

const allowing = (...allow: Policy['allow']): Policy => ({ ...DEFAULT_POLICY, allow })

const policyRows: [key: string, service: Record<string, unknown>, permission: Policy['allow'][number]][] = [
  ['privileged', { privileged: true }, 'privileged'],
  ['cap_add', { cap_add: ['NET_ADMIN'] }, 'cap_add'],
  ['user', { user: 'root' }, 'root'],
  ['network_mode', { network_mode: 'host' }, 'host_network'],
  ['pid', { pid: 'host' }, 'host_pid'],
  ['ipc', { ipc: 'host' }, 'host_ipc'],
  ['uts', { uts: 'host' }, 'privileged'],
  ['userns_mode', { userns_mode: 'host' }, 'host_users'],
  ['cgroup', { cgroup: 'host' }, 'privileged'],
  ['cgroup_parent', { cgroup_parent: '/other' }, 'privileged'],
  ['devices', { devices: ['/dev/kvm'] }, 'privileged'],
  ['device_cgroup_rules', { device_cgroup_rules: ['c 1:3 mr'] }, 'privileged'],
  ['oom_score_adj', { oom_score_adj: -500 }, 'privileged'],
  ['oom_kill_disable', { oom_kill_disable: true }, 'privileged'],
  ['cpu_rt_runtime', { cpu_rt_runtime: 400 }, 'privileged'],
  ['sysctls.net.core.somaxconn', { sysctls: { 'net.core.somaxconn': 1024 } }, 'unsafe_sysctls'],
  ['security_opt[0]', { security_opt: ['seccomp=unconfined'] }, 'unconfined'],
  ['security_opt[0]', { security_opt: ['systempaths=unconfined'] }, 'unconfined'],
  ['security_opt[0]', { security_opt: ['label=disable'] }, 'unconfined'],
  ['volumes[0]', { volumes: ['/etc:/host'] }, 'host_path'],
  ['volumes[0]', { volumes: ['/var/run/docker.sock:/s'] }, 'docker_socket'],
  ['volumes[0]', { volumes: ['/run/podman/podman.sock:/s'] }, 'docker_socket'],
  ['pre_start[0].privileged', { pre_start: [{ command: ['a'], privileged: true }] }, 'privileged'],
  ['post_start[0].user', { post_start: [{ command: ['a'], user: 'root:root' }] }, 'root'],
  ['pre_stop[0].privileged', { pre_stop: [{ command: ['a'], privileged: true }] }, 'privileged'],
]

describe('rights over the machine', () => {
  it.each(policyRows)('%s is refused of %j, unless %s is allowed', (key, service, permission) => {
    const refused = compileService(service)
    expect(remarks(refused)).toEqual([`error NOT_ALLOWED services.web.${key}`])
    expect(refused.stages).toEqual([])
    expect(remarks(compileService(service, { policy: allowing(permission) }))).toEqual([])
    const others = PERMISSIONS.filter((one) => one !== permission)
    expect(compileService(service, { policy: allowing(...others) }).stages).toEqual([])
  })

  it('are asked for by networks and volumes too', () => {
    const file = (driver: string, options = {}) => ({
      services: { web: { image: 'nginx', networks: ['net'], volumes: ['data:/data'] } },
      networks: { net: { driver } },
      volumes: { data: { driver_opts: options } },
    })
    expect(remarks(compileFile(file('macvlan')))).toEqual(['error NOT_ALLOWED networks.net.driver'])
    expect(remarks(compileFile(file('macvlan'), { policy: allowing('host_network') }))).toEqual([])
    const ofMachine = [
      { type: 'none', o: 'bind', device: '/etc' },
      { type: 'ext4', device: '/dev/sda1' },
      { type: 'overlay', device: 'overlay' },
      { type: 'tmpfs', device: 'tmpfs', o: 'rbind' },
    ]
    for (const options of ofMachine) {
      expect(remarks(compileFile(file('bridge', options)))).toEqual([
        'error NOT_ALLOWED volumes.data.driver_opts',
      ])
      expect(remarks(compileFile(file('bridge', options), { policy: allowing('host_path') }))).toEqual([])
    }
    const nfs = { type: 'nfs', o: 'addr=10.0.0.1', device: ':/data' }
    expect(remarks(compileFile(file('bridge', nfs)))).toEqual([])
  })

  it('are not had by the names of other namespaces, or of the engine itself', () => {
    const names = (network: string, volume: string, container: string) =>
      remarks(
        compileFile({
          services: {
            web: { image: 'nginx', container_name: container, networks: ['net'], volumes: ['data:/data'] },
          },
          networks: { net: { external: true, name: network } },
          volumes: { data: { external: true, name: volume } },
        }),
      ).filter((remark) => remark.startsWith('error'))
    expect(names('other', 'other', 'other')).toEqual([])
    expect(names('ann.shop_default', 'ann.shop_data', 'ann.shop-web-1')).toEqual([
      'error INVALID_OBJECT_NAME networks.net.name',
      'error INVALID_OBJECT_NAME volumes.data.name',
      'error INVALID_OBJECT_NAME services.web.container_name',
    ])
    for (const name of ['host', 'bridge', 'none'])
      expect(names(name, 'other', 'other')).toEqual(['error INVALID_OBJECT_NAME networks.net.name'])
  })

  it('go no further than the images and amounts that the operator allows', () => {
    const policy: Policy = {
      ...DEFAULT_POLICY,
      images: ['docker.io/library/*'],
      resources: {
        default: { cpus: 1, memoryBytes: null },
        max: { cpus: 2, memoryBytes: 2 ** 30 },
      },
    }
    expect(remarks(compileService({ image: 'evil/nginx', cpus: 3 }, { policy }))).toEqual([
      'error IMAGE_NOT_ALLOWED services.web.image',
      'error RESOURCES_NOT_ALLOWED services.web.deploy.resources.limits.cpus',
    ])
    const bounded = compileService({}, { policy })
    expect(createOf(bounded).host).toMatchObject({ NanoCpus: 1e9, Memory: 2 ** 30 })
    const mounted = { volumes: [{ type: 'image', source: 'evil/files', target: '/x' }] }
    expect(remarks(compileService(mounted, { policy }))).toEqual([
      'error IMAGE_NOT_ALLOWED services.web.volumes[0]',
    ])
  })
})
