import { describe, expect, it } from 'vitest'
import { toClusterError } from '../../src/orchestrators/kubernetes/cluster/api-error.ts'
import { toConnectionError } from '../../src/orchestrators/kubernetes/cluster/connection-error.ts'
import type { KubeStatus } from '../../src/orchestrators/kubernetes/cluster/objects.ts'

const context = { subject: 'Deployment/web', composePath: 'services.web', namespace: 'class' }

function refuse(statusCode: number, status: KubeStatus, retryAfterSeconds?: number) {
  return toClusterError({ statusCode, status, retryAfterSeconds }, context)
}

describe('a refusal of the API server', () => {
  it.each([
    [401, {}, 'CLUSTER_UNAUTHORIZED', 'wait'],
    [
      403,
      { message: 'pods "web" is forbidden: exceeded quota: small, requested: pods=1' },
      'QUOTA_EXCEEDED',
      'wait',
    ],
    [
      422,
      { message: 'spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated' },
      'NODE_PORT_TAKEN',
      'giveUp',
    ],
    [
      422,
      { message: 'spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range' },
      'NODE_PORT_OUT_OF_RANGE',
      'giveUp',
    ],
    [403, { message: 'deployments.apps is forbidden: User "x" cannot create' }, 'FORBIDDEN', 'giveUp'],
    [
      403,
      { message: 'unable to create new content in namespace class because it is being terminated' },
      'NAMESPACE_TERMINATING',
      'giveUp',
    ],
    [403, { message: 'admission webhook "policy" denied the request: no' }, 'ADMISSION_REFUSED', 'giveUp'],
    [
      404,
      { message: 'namespaces "class" not found', details: { kind: 'namespaces' } },
      'NAMESPACE_NOT_FOUND',
      'giveUp',
    ],
    [
      404,
      { message: 'deployments.apps "web" not found', details: { kind: 'deployments' } },
      'OBJECT_NOT_FOUND',
      'giveUp',
    ],
    [409, { reason: 'AlreadyExists' }, 'OBJECT_EXISTS', 'giveUp'],
    [
      409,
      {
        reason: 'Conflict',
        message: 'Operation cannot be fulfilled on resourcequotas "small"',
        details: { name: 'small', kind: 'resourcequotas' },
      },
      'QUOTA_CONTENDED',
      'wait',
    ],
    [
      409,
      { reason: 'Conflict', message: 'Operation cannot be fulfilled on deployments.apps "web"' },
      'OBJECT_CONFLICT',
      'retry',
    ],
    [410, { reason: 'Expired' }, 'RESOURCE_EXPIRED', 'retry'],
    [422, { message: 'Deployment.apps "web" is invalid' }, 'OBJECT_INVALID', 'giveUp'],
    [400, { message: 'the object is no object' }, 'OBJECT_INVALID', 'giveUp'],
    [
      500,
      { message: 'failed to create typed patch object: .spec.replica: field not declared in schema' },
      'OBJECT_INVALID',
      'giveUp',
    ],
    [429, {}, 'CLUSTER_BUSY', 'retry'],
    [500, { message: 'etcdserver: request timed out' }, 'CLUSTER_BUSY', 'retry'],
    [
      500,
      { message: 'Internal error: failed to allocate a nodePort: range is full' },
      'NODE_PORTS_EXHAUSTED',
      'giveUp',
    ],
    [504, {}, 'CLUSTER_BUSY', 'retry'],
  ] as const)('%i %j is %s: %s', (statusCode, status, code, remedy) => {
    expect(refuse(statusCode, { ...status })).toMatchObject({ code, remedy })
  })

  it('keeps the time after which to come back', () => {
    expect(refuse(429, {}, 7)).toMatchObject({ retryAfterSeconds: 7, details: { retryAfterSeconds: 7 } })
  })

  it('names the Compose path and the sentence of the server when it is final', () => {
    const causes = [
      { field: 'spec.replicas', message: 'Invalid value: -1: must be greater than or equal to 0' },
    ]
    const error = refuse(422, { message: 'long', details: { causes } })
    expect(error.problems).toEqual([
      expect.objectContaining({ code: 'OBJECT_INVALID', path: 'services.web' }),
    ])
    expect(error.message).toContain('spec.replicas: Invalid value: -1: must be greater than or equal to 0')
  })

  it('does not repeat the values of private fields', () => {
    const causes = [
      { field: 'spec.template.spec.containers[0].env[0].name', message: 'Invalid value: "hunter2": bad' },
    ]
    const refused = refuse(422, { message: 'has hunter2', details: { causes } }).message
    expect(refused).toMatch(/env\[0\]\.name: Invalid value: bad$/)
    const named = [{ field: 'metadata.name', message: 'Invalid value: "A_B": bad' }]
    expect(refuse(422, { details: { causes: named } }).message).toContain(
      'metadata.name: Invalid value: "A_B": bad',
    )
    const quoted =
      'v1.Deployment: readObjectStart: expect {, error found in #10 byte of ...|"env":"hunter2"|...'
    expect(refuse(400, { message: quoted }).message).not.toContain('hunter2')
    const data = 'Secret "s" is invalid: data[a b]: Invalid value: "hunter2": a valid key'
    expect(refuse(422, { message: data }).message).not.toContain('hunter2')
  })

  it('says how to get a namespace', () => {
    const status = { message: 'namespaces "class" not found', details: { kind: 'namespaces' } }
    expect(refuse(404, status).message).toContain('kubectl create namespace class')
  })
})

describe('a request without an answer', () => {
  const server = 'https://127.0.0.1:6443'
  const withCode = (code: string) => Object.assign(new Error('it broke'), { code })

  it.each([
    ['ECONNREFUSED', 'CLUSTER_UNREACHABLE', 'wait'],
    ['ENOTFOUND', 'CLUSTER_UNREACHABLE', 'wait'],
    ['UND_ERR_CONNECT_TIMEOUT', 'CLUSTER_UNREACHABLE', 'wait'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'CLUSTER_UNREACHABLE', 'wait'],
    ['ECONNRESET', 'CLUSTER_CONNECTION_LOST', 'retry'],
    ['UND_ERR_SOCKET', 'CLUSTER_CONNECTION_LOST', 'retry'],
    ['UND_ERR_HEADERS_TIMEOUT', 'CLUSTER_TIMEOUT', 'retry'],
  ])('%s is %s: %s', (code, expected, remedy) => {
    expect(toConnectionError(withCode(code), server)).toMatchObject({ code: expected, remedy })
  })

  it('looks into the addresses that were tried', () => {
    const error = new AggregateError([withCode('ECONNREFUSED')])
    expect(toConnectionError(error, server).message).toBe(
      "The cluster at https://127.0.0.1:6443 can't be reached: nothing listens there",
    )
  })
})
