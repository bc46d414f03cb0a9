// What the compilers make of each key of the specification is a body that a real engine, or a swarm's manager, takes.
import { request } from 'node:http'
import { expect, it } from 'vitest'
import { KEYS } from '../../src/compose/keys/table.ts'
import { parseCompose } from '../../src/compose/parse.ts'
import { compile as compileForEngine } from '../../src/orchestrators/docker/compile/compile.ts'
import type { EngineFacts } from '../../src/orchestrators/docker/facts.ts'
import type { ContainerObject } from '../../src/orchestrators/docker/objects.ts'
import {
  CURRENT_SWARM,
  compile as compileForSwarm,
} from '../../src/orchestrators/docker/swarm/compile/compile.ts'
import type { ServiceObject } from '../../src/orchestrators/docker/swarm/objects.ts'
import type { Compiled, CompileInput } from '../../src/orchestrators/orchestrator.ts'
import { DEFAULT_POLICY, PERMISSIONS } from '../../src/system/policy.ts'
import { FILES, fileWith, valueFor } from '../compose/files-by-key.ts'
import { startEngine } from '../kit/engine/engine.ts'

const IMAGE = 'demo/hello'
const policy = { ...DEFAULT_POLICY, allow: PERMISSIONS }

/** Debian's, which is the oldest that is supported. */
const facts: EngineFacts = {
  ...CURRENT_SWARM,
  api: { major: 1, minor: 41 },
  version: '20.10',
  routingMesh: false,
}

/** Keys whose sample is of the right form, and no value that there is, each with the words that it is refused with. */
const NO_VALUES: Readonly<Record<string, RegExp>> = {
  'services.*.pre_start[].working_dir': /needs to be an absolute path/,
  'services.*.logging.options.*': /unknown log opt/,
  'services.*.volumes[].target': /mount path must be absolute/,
  'services.*.cpuset': /Invalid value text for cpuset/,
  'services.*.memswap_limit': /always set the Memory limit/,
  'services.*.cap_add[]': /unknown capability/,
  'services.*.cap_drop[]': /unknown capability/,
  'services.*.deploy.resources.reservations.memory': /Minimum memory reservation|Must be at least/,
}

type Body = { key: string; body: Record<string, unknown> }

/** Of each key the body of the service `web`, each different one once. */
function bodiesOf(compile: (input: CompileInput, facts: EngineFacts) => Compiled, kind: string): Body[] {
  const found = new Map<string, Body>()
  for (const row of KEYS.filter(({ path }) => path !== 'services')) {
    const { spec } = parseCompose({ compose: fileWith(row.path, valueFor(row)), env: {}, files: FILES })
    if (!spec) continue
    const identity = { tenant: 't', namespace: 'default', name: 'keys', sid: '1' }
    const { stages } = compile({ identity, spec, exposure: 'nodePort', policy }, facts)
    for (const { body } of stages.flatMap(({ manifests }) => manifests))
      if (body.kind === kind) found.set(JSON.stringify(body), { key: row.path, body })
  }
  return [...found.values()]
}

/** The engine's words; null: it has taken it. */
function post(socketPath: string, path: string, body: object): Promise<string | null> {
  const { promise, resolve, reject } = Promise.withResolvers<string | null>()
  const text = JSON.stringify(body)
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
  request({ socketPath, path: `/v1.41${path}`, method: 'POST', headers }, async (answer) => {
    const parts: Buffer[] = []
    for await (const part of answer) parts.push(part)
    const words = Buffer.concat(parts).toString()
    resolve((answer.statusCode ?? 500) < 300 ? null : `${answer.statusCode} ${words.trim()}`)
  })
    .on('error', reject)
    .end(text)
  return promise
}

it('takes the bodies of containers and of services', async () => {
  await using engine = await startEngine({ swarm: true })
  const refused: string[] = []
  for (const [at, { key, body }] of bodiesOf(compileForEngine, 'container').entries()) {
    const { create } = body as unknown as ContainerObject
    const { HostConfig: host } = create as { HostConfig: Record<string, unknown> }
    // Containers of others, whose namespaces or volumes these share, are not there.
    const isShared = Object.values(host)
      .flat()
      .some((value) => /^container:|^keys-/.test(String(value)))
    if (isShared) continue
    const words = await post(engine.socket, `/containers/create?name=c${at}-1`, { ...create, Image: IMAGE })
    if (words !== null && !NO_VALUES[key]?.test(words)) refused.push(`container of ${key}: ${words}`)
  }
  for (const [at, { key, body }] of bodiesOf(compileForSwarm, 'service').entries()) {
    const { spec } = body as unknown as ServiceObject
    const task = spec.TaskTemplate as { ContainerSpec: object; Placement: object }
    const named = {
      ...spec,
      Name: `s${at}`,
      // They are taken, and nothing is to run.
      TaskTemplate: {
        ...task,
        ContainerSpec: { ...task.ContainerSpec, Image: IMAGE },
        Placement: { ...task.Placement, Constraints: ['node.id==none'] },
      },
    }
    const words = await post(engine.socket, '/services/create', named)
    if (words !== null && !NO_VALUES[key]?.test(words)) refused.push(`service of ${key}: ${words}`)
  }
  expect(refused).toEqual([])
})
