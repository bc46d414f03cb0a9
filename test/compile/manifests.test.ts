import { expect, test } from 'vitest'
import { hashManifest } from '../../src/orchestrators/kubernetes/compile/hash.ts'
import type { Compiled } from '../../src/orchestrators/orchestrator.ts'
import { at, compileServices, dependency, identity, port, service } from './specs.ts'

const services = {
  web: service({ ports: [port(80)], environment: { A: '1' }, dependsOn: { db: dependency() } }),
  db: service({ restart: { condition: 'no' } }),
}
const manifestsOf = (compiled: Compiled) => compiled.stages.flatMap((stage) => stage.manifests)

test('labels every object and pod with system, incarnation, service and tenant', () => {
  const labels = {
    'app.kubernetes.io/name': 'web',
    'app.kubernetes.io/instance': 'shop-web',
    'app.kubernetes.io/part-of': 'shop',
    'app.kubernetes.io/managed-by': 'tycho',
    'tycho.io/tenant': 'class',
    'tycho.io/system': 'shop',
    'tycho.io/sid': identity.sid,
    'tycho.io/service': 'web',
  }
  const compiled = compileServices(services)
  expect(at(compiled, 'Deployment/shop-web', 'metadata.labels')).toEqual(labels)
  expect(at(compiled, 'Deployment/shop-web', 'spec.template.metadata.labels')).toEqual(labels)
  expect(at(compiled, 'Service/shop-web', 'metadata.labels')).toEqual(labels)
  expect(at(compiled, 'Service/shop--net', 'metadata.labels')).not.toHaveProperty('tycho.io/service')
})

test('selects pods by incarnation and service', () => {
  const selector = { 'tycho.io/sid': identity.sid, 'tycho.io/service': 'web' }
  const compiled = compileServices(services)
  expect(at(compiled, 'Deployment/shop-web', 'spec.selector.matchLabels')).toEqual(selector)
  expect(at(compiled, 'Service/shop-web', 'spec.selector')).toEqual(selector)
})

test('keeps service links and tokens out of every pod, and stops it as fast as Docker does', () => {
  const compiled = compileServices(services)
  for (const subject of ['Deployment/shop-web', 'Job/shop-db'])
    expect(at(compiled, subject, 'spec.template.spec')).toMatchObject({
      enableServiceLinks: false,
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 10,
    })
})

test('says of which path of the file each object is made', () => {
  expect(manifestsOf(compileServices(services)).map(({ subject, path }) => `${subject} ${path}`)).toEqual([
    'Service/shop--net services',
    'Service/shop-web services.web.ports',
    'Job/shop-db services.db',
    'Deployment/shop-web services.web',
  ])
})

test('puts every object into the namespace of the system', () => {
  for (const { body } of manifestsOf(compileServices(services)))
    expect(body).toMatchObject({ metadata: { namespace: 'notebooks' } })
})

test('is plain JSON', () => {
  const compiled = compileServices(services)
  expect(JSON.parse(JSON.stringify(compiled))).toStrictEqual(compiled)
})

test('gives the same output for the same input', () => {
  expect(JSON.stringify(compileServices(services))).toBe(JSON.stringify(compileServices(services)))
})

test('marks each object with the hash of its content', () => {
  const annotation = 'metadata.annotations'
  const [one, same] = [compileServices(services), compileServices(services)]
  const other = compileServices({ ...services, web: service({ environment: { A: '2' } }) })
  expect(at(one, 'Deployment/shop-web', annotation)).toEqual(at(same, 'Deployment/shop-web', annotation))
  expect(at(one, 'Deployment/shop-web', annotation)).not.toEqual(at(other, 'Deployment/shop-web', annotation))
  expect(at(one, 'Job/shop-db', annotation)).toEqual(at(other, 'Job/shop-db', annotation))
})

test('does not count the job and the owner in the hash', () => {
  for (const { body } of manifestsOf(compileServices(services))) {
    const metadata = Object(body.metadata)
    const hash = metadata.annotations['tycho.io/hash']
    const annotations = { ...metadata.annotations, 'tycho.io/job': 'job-2' }
    const written = { ...body, metadata: { ...metadata, annotations, ownerReferences: [{ uid: '1' }] } }
    expect(hashManifest(written)).toBe(hash)
  }
})

test('restarts a dependant with its dependency where the file asks for it', () => {
  const template = (restart: boolean, image: string) => {
    const web = service({ dependsOn: { db: dependency({ restart }) } })
    return at(compileServices({ web, db: service({ image }) }), 'Deployment/shop-web', 'spec.template')
  }
  expect(template(true, 'db:1')).not.toEqual(template(true, 'db:2'))
  expect(template(true, 'db:1')).toEqual(template(true, 'db:1'))
  expect(template(false, 'db:1')).toEqual(template(false, 'db:2'))
})
