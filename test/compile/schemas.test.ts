// What is compiled, against the schemas of a current Kubernetes: the client's own models know every field, and
// kubernetes-models has the types, required fields and enumerations of the OpenAPI document.
import * as client from '@kubernetes/client-node'
import { describe, expect, test } from 'vitest'
import { compile } from '../../src/orchestrators/kubernetes/compile/compile.ts'
import type { Manifest } from '../../src/orchestrators/orchestrator.ts'
import type { Exposure } from '../../src/system/endpoint.ts'
import { listSamples, readSample } from './golden.ts'
import { compileKeys } from './key-collection.ts'
import { everything, identity } from './specs.ts'

type Models = Record<string, new (body: object) => { validate(): void }>

/** null: nothing is wrong with it. */
async function wrongWith({ subject, body }: Manifest): Promise<string | null> {
  const { apiVersion, kind } = body as { apiVersion: string; kind: string }
  const models: Models = await import(/* @vite-ignore */ `kubernetes-models/${apiVersion}`)
  const Model = models[kind]
  if (!Model) return `${subject}: ${apiVersion} has no ${kind}`
  try {
    new Model(body).validate()
  } catch (error) {
    return `${subject}: ${String(error)}`
  }
  const version = /(?:^|\/)v(\d+)$/.exec(apiVersion)?.[1]
  const unknown = unknownFields(`V${version}${kind}`, body, subject)
  return unknown.length > 0 ? `no field: ${unknown.join(', ')}` : null
}

type Attribute = { baseName: string; type: string }
const attributesOf = new Map<string, Attribute[]>(
  Object.entries(client).flatMap(([name, model]) =>
    typeof model === 'function' && 'attributeTypeMap' in model
      ? [[name, model.attributeTypeMap as Attribute[]] as const]
      : [],
  ),
)

/** The OpenAPI document allows fields that it does not name; the client's models name all that there are. */
function unknownFields(type: string, value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return []
  const list = /^(?:Array<(.*)>|\{ \[key: string\]: (.*); \})$/.exec(type)
  const attributes = attributesOf.get(type)
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = `${path}.${key}`
    if (list) return unknownFields(list[1] ?? list[2] ?? '', inner, at)
    if (!attributes) return []
    const known = attributes.find(({ baseName }) => baseName === key)
    return known ? unknownFields(known.type, inner, at) : [at]
  })
}

async function allWrong(manifests: readonly Manifest[]): Promise<string[]> {
  expect(manifests.length).toBeGreaterThan(0)
  return (await Promise.all(manifests.map(wrongWith))).filter((one) => one !== null)
}

const samples = await listSamples()
const keys = compileKeys(identity)

describe('the schemas of Kubernetes', () => {
  test.each(samples)('hold for the sample %s', async (name) => {
    const { stages } = compile({ identity, spec: await readSample(name), exposure: 'nodePort' })
    expect(await allWrong(stages.flatMap(({ manifests }) => manifests))).toEqual([])
  })

  test.each(keys.map(({ key, manifests }) => [key, manifests] as const))(
    'hold for a file with %s',
    async (_key, manifests) => {
      expect(await allWrong(manifests)).toEqual([])
    },
  )

  test.each<Exposure>(['nodePort', 'loadBalancer', 'clusterIP'])(
    'hold for all of the model at once, with exposure %s',
    async (exposure) => {
      const { stages } = compile({ identity, spec: everything, exposure })
      expect(await allWrong(stages.flatMap(({ manifests }) => manifests))).toEqual([])
    },
  )

  test('are of a release that has what 1.36 brought', async () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }
    const spec = { containers: [{ name: 'a' }], schedulingGroup: 'none' }
    expect(await wrongWith({ subject: 'Pod/a', path: '', body: { ...pod, spec } })).toMatch(/must be object/)
  })

  test('find a wrong type, and a field that is none', async () => {
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } }
    const wrong = { ...service, spec: { ports: [{ port: 'http' }] } }
    expect(await wrongWith({ subject: 'Service/a', path: '', body: wrong })).toMatch(/must be integer/)
    const unknown = { ...service, spec: { ports: [{ port: 1, nodeport: 1 }] } }
    expect(await wrongWith({ subject: 'Service/a', path: '', body: unknown })).toBe(
      'no field: Service/a.spec.ports.0.nodeport',
    )
  })
})
