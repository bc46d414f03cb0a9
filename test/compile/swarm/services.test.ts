import { describe, expect, it } from 'vitest'
import { CURRENT_SWARM, compile } from '../../../src/orchestrators/docker/swarm/compile/compile.ts'
import { createSwarmCompiler } from '../../../src/orchestrators/docker/swarm/compile/compiler.ts'
import type {
  FileObject,
  ServiceObject,
  SwarmObject,
} from '../../../src/orchestrators/docker/swarm/objects.ts'
import type { Compiled, CompileInput } from '../../../src/orchestrators/orchestrator.ts'
import { DEFAULT_POLICY } from '../../../src/system/policy.ts'
import { secretValuesOf } from '../../../src/system/secret-values.ts'
import { identity, parse, remarks } from '../docker/kit.ts'
import { listSamples, readSample } from '../golden.ts'

/** The mesh does not answer where the kernel has no IPVS. */
const meshless = { ...CURRENT_SWARM, routingMesh: false }

type Options = Partial<CompileInput> & { files?: Record<string, string>; env?: Record<string, string> }

function compileFile(compose: unknown, options: Options = {}, facts = meshless): Compiled {
  const { files, env, ...given } = options
  return compile({ identity, spec: parse(compose, files, env), exposure: 'nodePort', ...given }, facts)
}

function compileService(service: object, options: Options = {}, facts = meshless): Compiled {
  return compileFile({ services: { web: { image: 'nginx', ...service } } }, options, facts)
}

function objectsIn(compiled: Compiled): SwarmObject[] {
  return compiled.stages.flatMap(({ manifests }) => manifests.map(({ body }) => body as SwarmObject))
}

function serviceOf(compiled: Compiled, service = 'web'): ServiceObject {
  const found = objectsIn(compiled).find((one) => one.kind === 'service' && one.service === service)
  if (found?.kind !== 'service') throw new Error(`no ${service}: ${remarks(compiled).join(', ')}`)
  return found
}

const shop = {
  services: {
    web: {
      image: 'shop/web',
      entrypoint: ['/run'],
      command: ['serve'],
      environment: { A: '1' },
      restart: 'on-failure:3',
      depends_on: { db: { condition: 'service_healthy' } },
      networks: { front: { aliases: ['w'] } },
      cpus: 0.5,
      shm_size: '64m',
      deploy: {
        replicas: 3,
        labels: { team: 'a' },
        update_config: { parallelism: 2, delay: '5s', order: 'start-first', failure_action: 'rollback' },
        restart_policy: { condition: 'on-failure', max_attempts: 3, delay: '1s' },
        placement: { constraints: ['node.role == worker'], preferences: [{ spread: 'node.labels.zone' }] },
        resources: { reservations: { cpus: '0.25' } },
      },
    },
    db: { image: 'postgres', volumes: ['data:/d'], healthcheck: { test: 'true' }, networks: ['front'] },
  },
  networks: { front: {} },
  volumes: { data: { labels: { mine: 'x' } } },
}

describe('a system on a swarm', () => {
  it('is an overlay and services, in stages', () => {
    const compiled = compileFile(shop)
    expect(compiled.stages.map(({ manifests }) => manifests.map(({ subject }) => subject))).toEqual([
      ['network/shop_front', 'service/shop-db'],
      ['service/shop-web'],
    ])
    expect(objectsIn(compiled)[0]).toMatchObject({ kind: 'network', driver: 'overlay' })
    expect(compiled.stages[1]?.requires).toEqual([{ service: 'db', condition: 'healthy' }])
  })

  it('has what the file says in the bodies of its services', () => {
    const web = serviceOf(compileFile(shop))
    expect(web.labels).toMatchObject({ team: 'a', 'io.tycho.service': 'web', 'io.tycho.system': 'shop' })
    expect(web.networks).toEqual([{ network: 'shop_front', aliases: ['web', 'w'], driverOptions: {} }])
    expect(web.spec).toEqual({
      TaskTemplate: {
        ContainerSpec: {
          Image: 'shop/web',
          Labels: expect.objectContaining({ 'io.tycho.service': 'web' }),
          Command: ['/run'],
          Args: ['serve'],
          Env: ['A=1'],
          StopGracePeriod: 10_000_000_000,
          Mounts: [{ Type: 'tmpfs', Target: '/dev/shm', TmpfsOptions: { SizeBytes: 2 ** 26 } }],
        },
        Resources: { Limits: { NanoCPUs: 5e8 }, Reservations: { NanoCPUs: 2.5e8 } },
        RestartPolicy: { Condition: 'on-failure', MaxAttempts: 3, Delay: 1e9 },
        Placement: {
          Constraints: ['node.role == worker'],
          Preferences: [{ Spread: { SpreadDescriptor: 'node.labels.zone' } }],
        },
      },
      Mode: { Replicated: { Replicas: 3 } },
      UpdateConfig: { Parallelism: 2, Delay: 5e9, FailureAction: 'rollback', Order: 'start-first' },
      EndpointSpec: { Mode: 'dnsrr' },
    })
  })

  it('has volumes that each node makes with the labels of the system', () => {
    const { spec } = serviceOf(compileFile(shop), 'db')
    expect(spec).toMatchObject({
      TaskTemplate: {
        ContainerSpec: {
          Mounts: [
            {
              Type: 'volume',
              Source: 'shop_data',
              VolumeOptions: { Labels: { mine: 'x', 'io.tycho.system': 'shop', 'io.tycho.tenant': 'class' } },
            },
          ],
        },
      },
    })
  })

  it('rests without copies, and everything of it is kept', () => {
    const web = serviceOf(compileFile(shop, { suspended: true }))
    expect(web).toMatchObject({ suspended: true, spec: { Mode: { Replicated: { Replicas: 0 } } } })
    const everywhere = serviceOf(compileService({ deploy: { mode: 'global' } }, { suspended: true }))
    expect(everywhere.spec).toMatchObject({ TaskTemplate: { Placement: { Constraints: ['node.id==none'] } } })
  })

  it('has another container after a restart', () => {
    const labels = (restartedAt: string | null) =>
      JSON.stringify(serviceOf(compileFile(shop, { restartedAt })).spec.TaskTemplate)
    expect(labels('2026-01-01T00:00:00Z')).not.toBe(labels(null))
  })

  it('runs what is before a service as a service of its own', () => {
    const compiled = compileService({ scale: 2, pre_start: [{ command: ['warm'], per_replica: true }] })
    expect(compiled.stages.map(({ services }) => services)).toEqual([['web/pre_start'], ['web']])
    expect(serviceOf(compiled, 'web/pre_start')).toMatchObject({
      name: 'shop--pre-start-web-1',
      networks: [{ aliases: [] }],
      spec: {
        Mode: { Replicated: { Replicas: 2 } },
        TaskTemplate: { RestartPolicy: { Condition: 'none' }, ContainerSpec: { Args: ['warm'] } },
      },
    })
  })

  it('has names without a dot, as a swarm wants them', () => {
    const namespace = { ...identity, namespace: 'a-class-with-a-long-name-of-its-own' }
    const { name } = serviceOf(compileFile(shop, { identity: namespace }))
    expect(name).toMatch(/^[a-z0-9-]+_shop-web$/)
    expect(name.length).toBeLessThanOrEqual(63)
  })
})

describe('ports of a swarm', () => {
  const endpoint = (service: object, facts = meshless) =>
    serviceOf(compileService(service, {}, facts)).spec.EndpointSpec

  it('are of the nodes where the mesh does not answer, and of the mesh where it does', () => {
    const service = { ports: ['8080:80'] }
    const port = { Protocol: 'tcp', TargetPort: 80, PublishedPort: 8080 }
    expect(endpoint(service)).toEqual({ Mode: 'dnsrr', Ports: [{ ...port, PublishMode: 'host' }] })
    expect(endpoint(service, CURRENT_SWARM)).toEqual({
      Mode: 'vip',
      Ports: [{ ...port, PublishMode: 'ingress' }],
    })
    expect(endpoint({ ...service, deploy: { endpoint_mode: 'dnsrr' } }, CURRENT_SWARM)).toEqual({
      Mode: 'dnsrr',
      Ports: [{ ...port, PublishMode: 'host' }],
    })
  })

  it('are the choice of the swarm where two tasks of one node would have the same', () => {
    const service = { ports: ['8080:80'], scale: 2 }
    expect(endpoint(service)).toEqual({
      Mode: 'dnsrr',
      Ports: [{ Protocol: 'tcp', TargetPort: 80, PublishMode: 'host' }],
    })
    expect(remarks(compileService(service))).toEqual([
      'info PORT_OF_NODE services.web.ports',
      'info PORT_OF_ONE_COPY services.web.ports[0]',
    ])
  })

  it('are not opened to all that were for the machine alone', () => {
    const compiled = compileService({ ports: ['127.0.0.1:8080:80'] }, {}, CURRENT_SWARM)
    expect(serviceOf(compiled).spec.EndpointSpec).toEqual({ Mode: 'dnsrr' })
    expect(remarks(compiled)).toEqual(['warning PORT_NOT_EXPOSED services.web.ports[0]'])
  })
})

describe('files of a swarm', () => {
  const file = {
    services: {
      web: {
        image: 'nginx',
        configs: [{ source: 'settings', target: '/etc/s', mode: 0o440, uid: '7' }],
        secrets: ['key', 'theirs'],
        volumes: ['./html:/html:ro'],
      },
    },
    configs: { settings: { content: 'a' } },
    secrets: { key: { environment: 'KEY' }, theirs: { external: true } },
  }
  const options = { files: { 'html/a.html': '<p>' }, env: { KEY: 'Kept-Secret-1' } }

  it('are configs and secrets, each by what is in it', () => {
    const compiled = compileFile(file, options)
    const held = objectsIn(compiled).filter((one): one is FileObject => 'content' in one)
    expect(held.map(({ kind, content, external }) => ({ kind, content, external }))).toEqual([
      { kind: 'config', content: 'a', external: false },
      { kind: 'secret', content: 'Kept-Secret-1', external: false },
      { kind: 'secret', content: null, external: true },
      { kind: 'config', content: '<p>', external: false },
    ])
    expect(held.every(({ name }) => name.length <= 64)).toBe(true)
    expect(
      serviceOf(compiled).files.map(({ file: name, ...rest }) => [
        held.some((one) => one.name === name),
        rest,
      ]),
    ).toEqual([
      [true, { kind: 'config', target: '/etc/s', uid: '7', gid: '0', mode: 0o440 }],
      [true, { kind: 'secret', target: '/run/secrets/key', uid: '0', gid: '0', mode: 0o444 }],
      [true, { kind: 'secret', target: '/run/secrets/theirs', uid: '0', gid: '0', mode: 0o444 }],
      [true, { kind: 'config', target: '/html/a.html', uid: '0', gid: '0', mode: 0o644 }],
    ])
    expect(remarks(compiled)).toEqual(['info EXTERNAL_FILE secrets.theirs'])
  })

  it('are shown without what secrets hold, and so are needs and pulls told', () => {
    const { maskStages, needs, pullsOf } = createSwarmCompiler()
    const { stages } = compileFile(file, options)
    const shown = JSON.stringify(maskStages(stages, secretValuesOf(parse(file, options.files, options.env))))
    expect(shown).not.toContain('Kept-Secret-1')
    expect(shown).toContain('<p>')
    expect(needs(stages)).toMatchObject({
      objects: { network: 1, config: 2, secret: 1, service: 1 },
      pods: 1,
      images: ['nginx'],
    })
    expect(pullsOf(stages)).toEqual([{ image: 'nginx', policy: 'missing', where: {} }])
  })
})

describe('what a swarm refuses or remarks on', () => {
  it.each([
    [{ privileged: true }, 'error NOT_ON_SWARM services.web.privileged'],
    [{ devices: ['/dev/kvm'] }, 'error NOT_ON_SWARM services.web.devices'],
    [{ gpus: 'all' }, 'error NOT_ON_SWARM services.web.gpus'],
    [{ pid: 'host' }, 'error NOT_ON_SWARM services.web.pid'],
    [{ network_mode: 'host' }, 'error NOT_ALLOWED services.web.network_mode'],
    [{ cap_add: ['NET_ADMIN'] }, 'error NOT_ALLOWED services.web.cap_add'],
    [{ volumes: ['/etc:/e'] }, 'error NOT_ALLOWED services.web.volumes[0]'],
    [{ volumes: ['/var/run/docker.sock:/s'] }, 'error NOT_ALLOWED services.web.volumes[0]'],
    [{ security_opt: ['seccomp=unconfined'] }, 'error NOT_ALLOWED services.web.security_opt[0]'],
    [{ post_start: [{ command: ['a'] }] }, 'error NOT_ON_SWARM services.web.post_start'],
    [{ build: 'app', image: 'a' }, 'info NOT_BUILT_HERE services.web.build'],
    [{ container_name: 'other' }, 'warning NOT_APPLIED services.web.container_name'],
    [{ oom_score_adj: -500 }, 'warning NOT_APPLIED services.web.oom_score_adj'],
    [{ pull_policy: 'never' }, 'warning NOT_APPLIED services.web.pull_policy'],
    [{ deploy: { endpoint_mode: 'vip' } }, 'info ENDPOINT_BY_DNS services.web.deploy.endpoint_mode'],
  ])('%j: %s', (service, remark) => {
    expect(remarks(compileService(service))).toEqual([remark])
  })

  it('images that the operator does not allow, and an image that is only built', () => {
    const policy = { ...DEFAULT_POLICY, images: ['mine/*'] }
    expect(remarks(compileService({}, { policy }))).toEqual(['error IMAGE_NOT_ALLOWED services.web.image'])
    expect(remarks(compileFile({ services: { web: { build: '.' } } }))).toEqual([
      'error IMAGE_REQUIRED services.web.build',
    ])
  })

  it('a secret that is larger than a swarm takes', () => {
    const secret = {
      services: { web: { image: 'a', secrets: ['s'] } },
      secrets: { s: { environment: 'S' } },
    }
    const env = { S: 'x'.repeat(600_000) }
    expect(remarks(compileFile(secret, { env }))).toEqual(['error OBJECT_TOO_LARGE secrets.s'])
  })
})

/** Samples that ask for what only one machine, or only Kubernetes, has. */
const refused: Readonly<Record<string, string[]>> = {
  'gpu-notebook': ['error NOT_ON_SWARM services.notebook.deploy.resources.reservations.devices'],
  'one-pod': ['error NOT_ON_SWARM services.exporter.network_mode'],
}

it.each(await listSamples())('compiles samples/%s.yml for a swarm, or says why not', async (name) => {
  const { problems } = compile({ identity, spec: await readSample(name), exposure: 'nodePort' })
  const errors = problems.filter(({ severity }) => severity === 'error')
  expect(remarks({ problems: errors })).toEqual(refused[name] ?? [])
})
