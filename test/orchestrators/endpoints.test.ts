import { describe, expect, it } from 'vitest'
import {
  awaitsHost,
  balancedHostOf,
  toEndpoints,
} from '../../src/orchestrators/kubernetes/cluster/endpoints.ts'
import type { KubeObject } from '../../src/orchestrators/kubernetes/cluster/objects.ts'

function service(
  spec: Record<string, unknown>,
  status: Record<string, unknown> = {},
  labels: Record<string, string> = { 'tycho.io/service': 'web' },
): KubeObject {
  return {
    metadata: { name: 'demo-web', namespace: 'class', uid: 'uid', resourceVersion: '1', labels },
    spec,
    status,
  }
}

const port = { port: 80, targetPort: 8888, protocol: 'TCP', nodePort: 30123 }

describe('the endpoints of a published service', () => {
  it('are node ports on the first address', () => {
    expect(toEndpoints(service({ type: 'NodePort', ports: [port] }), ['192.0.2.1', '192.0.2.2'])).toEqual([
      { service: 'web', containerPort: 8888, protocol: 'tcp', port: 30123, url: 'http://192.0.2.1:30123' },
    ])
  })

  it('have no URL where no address is known, nor for udp', () => {
    expect(toEndpoints(service({ type: 'NodePort', ports: [port] }), [])[0]?.url).toBeNull()
    const udp = { ...port, protocol: 'UDP' }
    expect(toEndpoints(service({ type: 'NodePort', ports: [udp] }), ['192.0.2.1'])[0]).toMatchObject({
      protocol: 'udp',
      url: null,
    })
  })

  it('put an IPv6 address in brackets', () => {
    expect(toEndpoints(service({ type: 'NodePort', ports: [port] }), ['2001:db8::1'])[0]?.url).toBe(
      'http://[2001:db8::1]:30123',
    )
  })

  it('are names in the cluster for an internal one', () => {
    expect(
      toEndpoints(service({ type: 'ClusterIP', clusterIP: '10.96.1.1', ports: [port] }), []),
    ).toMatchObject([{ port: 80, url: 'http://demo-web.class.svc:80' }])
  })

  it('are known for a load balancer once it has an address', () => {
    const spec = { type: 'LoadBalancer', ports: [port] }
    expect(toEndpoints(service(spec), [])[0]).toMatchObject({ port: 80, url: null })
    const status = { loadBalancer: { ingress: [{ ip: '192.0.2.9' }] } }
    expect(toEndpoints(service(spec, status), [])[0]?.url).toBe('http://192.0.2.9:80')
  })

  it('wait for the address of a load balancer, unless nothing of it has a URL', () => {
    const spec = { type: 'LoadBalancer', clusterIP: '10.0.0.1' }
    const waiting = service({ ...spec, ports: [port] })
    expect([awaitsHost(waiting), balancedHostOf(waiting)]).toEqual([true, undefined])
    const status = { loadBalancer: { ingress: [{ ip: '2001:db8::9' }] } }
    const given = service({ ...spec, ports: [port] }, status)
    expect([awaitsHost(given), balancedHostOf(given)]).toEqual([false, '[2001:db8::9]'])
    expect(awaitsHost(service({ ...spec, ports: [{ ...port, protocol: 'UDP' }] }))).toBe(false)
    expect(awaitsHost(service({ type: 'ClusterIP', clusterIP: '10.0.0.1', ports: [port] }))).toBe(false)
  })

  it('are none for one of the system as a whole', () => {
    expect(toEndpoints(service({ clusterIP: '10.96.1.1', ports: [port] }, {}, {}), ['192.0.2.1'])).toEqual([])
  })
})

describe('an Ingress before a Service', () => {
  const live = (kind: string, spec: Record<string, unknown>) => ({
    kind,
    metadata: {
      name: 'demo-web',
      namespace: 'demo',
      uid: '1',
      resourceVersion: '1',
      labels: { 'tycho.io/service': 'web' },
    },
    spec,
  })
  const service = live('Service', {
    type: 'ClusterIP',
    clusterIP: '10.0.0.1',
    ports: [
      { port: 80, targetPort: 8888 },
      { port: 81, targetPort: 81 },
    ],
  })
  const rules = [
    {
      host: 'web.example.org',
      http: { paths: [{ path: '/lab', backend: { service: { name: 'demo-web', port: { number: 80 } } } }] },
    },
  ]

  it('gives the ports that it leads to their URL, and the others that of the Service', () => {
    expect(toEndpoints(service, [], [live('Ingress', { rules })])).toMatchObject([
      { containerPort: 8888, port: 80, url: 'http://web.example.org/lab' },
      { containerPort: 81, port: 81, url: 'http://demo-web.demo.svc:81' },
    ])
  })

  it('is reached by HTTPS where it has a certificate', () => {
    const ingress = live('Ingress', { rules, tls: [{ hosts: ['web.example.org'], secretName: 'cert' }] })
    expect(toEndpoints(service, [], [ingress])[0]).toMatchObject({
      port: 443,
      url: 'https://web.example.org/lab',
    })
  })
})
