// A system and a service of which nothing is said yet: what the specification has where a file is silent.
import type { Deploy } from './deploy.ts'
import type { Namespaces } from './networks.ts'
import type { BlockIo, CpuSettings, MemorySettings, Security } from './process.ts'
import type { Resources, ServiceSpec, SystemSpec } from './spec.ts'

/** Each call makes new objects, so that they may be written into. */
export function emptySystem(): SystemSpec {
  return {
    name: null,
    services: {},
    networks: {},
    volumes: {},
    configs: {},
    secrets: {},
    models: {},
    files: {},
    extensions: {},
  }
}

/** Each call makes new objects, so that they may be written into. */
export function emptyService(image = ''): ServiceSpec {
  return {
    image,
    build: null,
    platform: null,
    pullPolicy: null,
    ...emptyProcess(),
    labels: {},
    annotations: {},
    ...emptyNet(),
    ...emptyStorage(),
    models: {},
    replicas: 1,
    ...emptyMachine(),
    restart: { condition: 'unset' },
    deploy: emptyDeploy(),
    healthcheck: null,
    healthcheckOff: false,
    dependsOn: {},
    logging: null,
    attach: null,
    develop: null,
    provider: null,
    useApiSocket: false,
    extensions: {},
  }
}

export function emptyResources(): Resources {
  return { cpus: null, memoryBytes: null, pids: null }
}

export function emptyDeploy(): Deploy {
  return {
    mode: 'replicated',
    endpointMode: null,
    labels: {},
    placement: { constraints: [], spread: [], maxReplicasPerNode: null },
    update: null,
    rollback: null,
    restartDelayMs: null,
    restartWindowMs: null,
  }
}

export function emptyNamespaces(): Namespaces {
  return { network: null, ipc: null, pid: null, uts: null, user: null, cgroup: null }
}

export function emptySecurity(): Security {
  return {
    privileged: false,
    capAdd: [],
    capDrop: [],
    options: [],
    readOnlyRoot: false,
    deviceCgroupRules: [],
  }
}

export function emptyCpu(): CpuSettings {
  return {
    shares: null,
    quotaUs: null,
    periodUs: null,
    realtimePeriodUs: null,
    realtimeRuntimeUs: null,
    count: null,
    percent: null,
    set: null,
  }
}

export function emptyMemory(): MemorySettings {
  return { swapBytes: null, swappiness: null, oomKillDisable: false, oomScoreAdjustment: null }
}

export function emptyBlockIo(): BlockIo {
  return {
    weight: null,
    deviceWeights: [],
    readBytesPerSecond: [],
    writeBytesPerSecond: [],
    readsPerSecond: [],
    writesPerSecond: [],
  }
}

function emptyProcess() {
  return {
    command: null,
    entrypoint: null,
    workingDir: null,
    user: null,
    groupAdd: [],
    environment: {},
    init: null,
    tty: false,
    stdinOpen: false,
    stopSignal: null,
    stopGracePeriodMs: null,
    hooks: { preStart: [], postStart: [], preStop: [] },
  } satisfies Partial<ServiceSpec>
}

function emptyNet() {
  return {
    containerName: null,
    hostname: null,
    domainname: null,
    ports: [],
    expose: [],
    networks: {},
    namespaces: emptyNamespaces(),
    links: [],
    externalLinks: [],
    extraHosts: {},
    dns: { servers: [], search: [], options: [] },
    macAddress: null,
  } satisfies Partial<ServiceSpec>
}

function emptyStorage() {
  return {
    mounts: [],
    tmpfs: [],
    mountsFrom: [],
    shmSizeBytes: null,
    storageOptions: {},
    configs: [],
    secrets: [],
  } satisfies Partial<ServiceSpec>
}

function emptyMachine() {
  return {
    resources: {
      limits: emptyResources(),
      reservations: { ...emptyResources(), devices: [], genericResources: [] },
    },
    cpu: emptyCpu(),
    memory: emptyMemory(),
    blockIo: null,
    ulimits: {},
    sysctls: {},
    devices: [],
    gpus: [],
    security: emptySecurity(),
    runtime: null,
    isolation: null,
    credentialSpec: null,
    cgroupParent: null,
  } satisfies Partial<ServiceSpec>
}
