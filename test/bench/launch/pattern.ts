// The objects of one system as Tycho writes them, made by its own compiler, for those who write them without it.
import { parseCompose } from '../../../src/compose/parse.ts'
import { type Body, toDesired } from '../../../src/orchestrators/kubernetes/cluster/desired.ts'
import { compile } from '../../../src/orchestrators/kubernetes/compile/compile.ts'
import type { SystemIdentity } from '../../../src/system/spec.ts'
import type { Options } from './options.ts'

/** A notebook of a class: one service with one published port. */
export const compose = `services:
  notebook:
    image: bench/notebook
    command: start --token=\${TYCHO_TOKEN}
    ports: ["8888"]
`

export type Place = { namespace: string; name: string }

/** What is written of one system; the second is owned by the first, whose uid is known when it is written. */
export type Pair = Place & { deployment: string; serviceOwnedBy: (uid: string) => string; service: string }

export function pairOf({ namespace, name }: Place, exposure: Options['exposure'], index: number): Pair {
  const { spec } = parseCompose({ compose, env: { TYCHO_TOKEN: `secret-${index}` } })
  if (!spec) throw new Error('the file of the bench can not be read')
  const sid = index.toString(16).padStart(32, '0')
  const identity: SystemIdentity = { tenant: namespace, namespace, name, sid }
  const [first, second] = compile({ identity, spec, exposure }).stages.flatMap(({ manifests }) => manifests)
  if (first?.body.kind !== 'Deployment' || second?.body.kind !== 'Service')
    throw new Error('a system of one service is no longer a Deployment and a Service')
  const job = `floor-${index}`
  const { apiVersion, body } = toDesired(first, identity, job, undefined)
  const service = (uid: string | null): Body =>
    toDesired(
      second,
      identity,
      job,
      uid === null ? undefined : { apiVersion, kind: 'Deployment', name: body.metadata.name, uid },
    ).body
  return {
    namespace,
    name,
    deployment: JSON.stringify(body),
    service: JSON.stringify(service(null)),
    serviceOwnedBy: (uid) => JSON.stringify(service(uid)),
  }
}

/** Spread over the namespaces in turn. */
export function placesOf(namespaces: readonly string[], count: number): Place[] {
  return Array.from({ length: count }, (_, index) => ({
    namespace: namespaces[index % namespaces.length] ?? '',
    name: `launch-${Math.floor(index / namespaces.length)}`,
  }))
}
