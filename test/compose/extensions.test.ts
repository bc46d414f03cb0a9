import { describe, expect, test } from 'vitest'
import { parseCompose } from '../../src/compose/parse.ts'
import { checkExtension } from '../../src/orchestrators/kubernetes/compile/extensions.ts'
import { specOf } from './kit.ts'

function problemsOf(compose: string): string[] {
  const { problems } = parseCompose({ compose, env: {}, checkExtension })
  return problems.map(({ code, path, line }) => `${line} ${code} ${path}`)
}

describe('extensions', () => {
  test('are carried at the top, in services, ports, volumes and networks', () => {
    const spec = specOf(`
x-k8s: {nodeSelector: {a: b}}
services:
  web:
    image: nginx
    x-k8s: {serviceAccount: me}
    ext: {kube: {livenessProbe: {cmd: "true"}}}
    ports: [{target: 80, x-k8s: {host: a.example}}]
    volumes: [data:/x]
volumes: {data: {x-k8s: {size: 10Gi}}}
security_context: {fsGroup: 100}
`)
    expect(spec.extensions).toEqual({
      'x-k8s': { nodeSelector: { a: 'b' } },
      security_context: { fsGroup: 100 },
    })
    expect(spec.services.web?.extensions).toEqual({
      'x-k8s': { serviceAccount: 'me' },
      ext: { kube: { livenessProbe: { cmd: 'true' } } },
    })
    expect(spec.services.web?.ports[0]?.extensions).toEqual({ 'x-k8s': { host: 'a.example' } })
    expect(spec.volumes.data?.extensions).toEqual({ 'x-k8s': { size: '10Gi' } })
  })

  test('that the orchestrator reads are held against its schema, each at its line', () => {
    const text = `x-k8s:
  nodeSelectr: {}
services:
  web:
    image: nginx
    ports:
      - target: 80
        x-k8s: {nodePort: 0}
    x-k8s:
      tolerations:
        - effect: Never
    ext: {kube: 1}
    volumes: [data:/data]
volumes:
  data: {x-k8s: {sise: 1Gi}}
security_context: {seLinux: 1}
`
    expect(problemsOf(text)).toEqual([
      '2 INVALID_EXTENSION x-k8s.nodeSelectr',
      '8 INVALID_EXTENSION services.web.ports[0].x-k8s.nodePort',
      '11 INVALID_EXTENSION services.web.x-k8s.tolerations[0].effect',
      '12 INVALID_EXTENSION services.web.ext.kube',
      '15 INVALID_EXTENSION volumes.data.x-k8s.sise',
      '16 INVALID_EXTENSION security_context.seLinux',
    ])
  })

  test('that it does not read are let be', () => {
    expect(problemsOf('x-note: 1\nservices: {web: {image: nginx, x-note: [1]}}\n')).toEqual([])
  })
})
