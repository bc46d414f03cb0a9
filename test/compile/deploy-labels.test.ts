import { expect, test } from 'vitest'
import { emptyDeploy } from '../../src/system/empty.ts'
import { at, compileServices, port, remarks, service } from './specs.ts'

const labelled = (labels: Record<string, string>) =>
  compileServices({ web: service({ ports: [port(80)], deploy: { ...emptyDeploy(), labels } }) })

test('labels the objects of a service and not its pods', () => {
  const compiled = labelled({ team: 'red', 'app.kubernetes.io/name': 'other' })
  for (const subject of ['Deployment/shop-web', 'Service/shop-web'])
    expect(at(compiled, subject, 'metadata.labels')).toMatchObject({
      team: 'red',
      'app.kubernetes.io/name': 'web',
    })
  expect(at(compiled, 'Deployment/shop-web', 'spec.template.metadata.labels')).not.toHaveProperty('team')
  expect(remarks(compiled)).toEqual([
    'warning LABEL_IGNORED services.web.deploy.labels.app.kubernetes.io/name',
  ])
})

test('annotates them with what no label can say', () => {
  const compiled = labelled({ note: 'two words' })
  expect(at(compiled, 'Deployment/shop-web', 'metadata.annotations')).toMatchObject({ note: 'two words' })
  expect(remarks(compiled)).toEqual(['info LABEL_AS_ANNOTATION services.web.deploy.labels.note'])
})
