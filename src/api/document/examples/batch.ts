// A class of thirty as a batch, and one of its members.
import { endpoint } from './system.ts'

const id = '01m8gp3xs86zeks022zpes7zzn'

export const batch = {
  id,
  href: `/v1/batches/${id}`,
  name: 'course',
  tenant: 'physics',
  status: 'running',
  done: false,
  revision: 1795856401045,
  counts: { total: 30, queued: 0, running: 12, succeeded: 18, failed: 0, canceled: 0 },
  skipped: 0,
  round: 1,
  concurrency: 200,
  exposure: 'nodePort',
  spread: [
    {
      namespace: 'physics',
      members: 30,
      bounds: [
        { of: 'Service', limit: 5000, used: 12, needed: 30 },
        { of: 'Deployment', limit: 2000, used: 12, needed: 30 },
        { of: 'pods', limit: 3000, used: 14, needed: 30 },
      ],
    },
  ],
  problems: [],
  progress: { percent: 60, message: '18 of 30 are done, 12 are starting' },
  startedPerSecond: 6.2,
  createdAt: '2026-11-28T08:59:58.120Z',
}

export const item = {
  index: 0,
  name: 'ada',
  clientId: 's-1',
  status: 'succeeded',
  system: { name: 'ada', href: '/v1/systems/ada' },
  job: { id: `${id}-0`, href: `/v1/jobs/${id}-0` },
  endpoints: [endpoint],
  url: `${endpoint.url}?token=0123456789abcdef0123456789abcdef`,
}

export const itemsTable = [
  'name,url,port,status,clientId,error',
  `ada,${item.url},${endpoint.port},succeeded,s-1,`,
  '',
].join('\n')

export const plan = {
  name: 'course',
  members: 30,
  exposure: 'nodePort',
  needs: {
    objects: { Deployment: 30, Service: 30 },
    pods: 30,
    nodePorts: 30,
    cpu: { requests: 15, limits: 30 },
    memory: { requests: 16106127360, limits: 32212254720 },
    storage: 0,
    images: ['demo/notebook'],
  },
  cluster: {
    nodes: {
      count: 4,
      cpu: { allocatable: 64, requested: 12.5 },
      memory: { allocatable: 270582939648, requested: 34359738368 },
      pods: { allocatable: 440, requested: 61 },
    },
    images: [{ image: 'demo/notebook', present: 3, lacking: ['node-4'] }],
    nodePorts: { limit: 2768, used: 40, counted: 'everywhere' },
    services: { of: 'Service', limit: 10000, used: 57 },
    namespaces: [
      {
        namespace: 'physics',
        state: 'present',
        bounds: [{ of: 'Deployment', limit: 2000, used: 12 }],
        unknown: [],
      },
    ],
  },
  fits: true,
  spread: [
    {
      namespace: 'physics',
      members: 30,
      bounds: [{ of: 'Deployment', limit: 2000, used: 12, needed: 30 }],
    },
  ],
  withoutPlace: 0,
  problems: [],
}

const prepared = '01m8gp3xs8m3c0de5x4v7b2k9q'

export const preparation = {
  id: prepared,
  href: `/v1/preparations/${prepared}`,
  tenant: 'physics',
  status: 'running',
  done: false,
  revision: 1795856401045,
  images: ['demo/notebook'],
  nodes: [
    { node: 'node1', images: [{ image: 'demo/notebook', state: 'present' }] },
    {
      node: 'node2',
      images: [
        {
          image: 'demo/notebook',
          state: 'pulling',
          reason: {
            code: 'IMAGE_PULL_RETRIED',
            message: 'The image demo/notebook could not be pulled yet: dial tcp: i/o timeout',
          },
        },
      ],
    },
  ],
  counts: { nodes: 2, present: 1, pulling: 1, failed: 0, unknown: 0 },
  progress: { percent: 50, message: '1 of 2 images are on 2 nodes' },
  createdAt: '2026-11-28T08:59:58.120Z',
  startedAt: '2026-11-28T08:59:58.310Z',
}
