// Compiled systems for the tests of Docker's compiler.

import { parseCompose } from '../../../src/compose/parse.ts'
import { compile } from '../../../src/orchestrators/docker/compile/compile.ts'
import { CURRENT_ENGINE, type EngineFacts } from '../../../src/orchestrators/docker/facts.ts'
import type {
  ContainerObject,
  EngineObject,
  FilesObject,
  ImageObject,
  NetworkObject,
  VolumeObject,
} from '../../../src/orchestrators/docker/objects.ts'
import type { Compiled, CompileInput } from '../../../src/orchestrators/orchestrator.ts'
import type { SystemIdentity, SystemSpec } from '../../../src/system/spec.ts'

export const identity: SystemIdentity = {
  tenant: 'class',
  namespace: 'default',
  name: 'shop',
  sid: '0123456789abcdef0123456789abcdef',
}

type Options = Partial<Omit<CompileInput, 'spec'>> & {
  facts?: EngineFacts
  files?: Record<string, string>
  env?: Record<string, string>
}

/** Of a file as text; throws what is wrong with it. */
export function parse(
  compose: unknown,
  files: Record<string, string> = {},
  env: Record<string, string> = {},
): SystemSpec {
  const { spec, problems } = parseCompose({ compose, env, files })
  if (!spec) throw new Error(problems.map(({ path, message }) => `${path}: ${message}`).join('\n'))
  return spec
}

export function compileFile(compose: unknown, options: Options = {}): Compiled {
  const { facts, files, env, ...given } = options
  return compile({ identity, spec: parse(compose, files, env), exposure: 'nodePort', ...given }, facts)
}

/** Of one service, called `web`, of the image `nginx` unless it has another one or builds it. */
export function compileService(service: Record<string, unknown>, options: Options = {}): Compiled {
  return compileFile(
    { services: { web: { ...('build' in service ? {} : { image: 'nginx' }), ...service } } },
    options,
  )
}

/** An engine that speaks this version of API 1. */
export function engineOf(minor: number, more: Partial<EngineFacts> = {}): EngineFacts {
  return { ...CURRENT_ENGINE, api: { major: 1, minor }, ...more }
}

type Kinds = {
  container: ContainerObject
  files: FilesObject
  image: ImageObject
  network: NetworkObject
  volume: VolumeObject
}

export function objectsOf<Kind extends keyof Kinds>(compiled: Compiled, kind: Kind): Kinds[Kind][] {
  const objects = compiled.stages.flatMap(({ manifests }) =>
    manifests.map(({ body }) => body as EngineObject),
  )
  return objects.filter((object) => object.kind === kind) as Kinds[Kind][]
}

/** The body of the create of the first copy, and what stands in its `HostConfig`. */
export function createOf(compiled: Compiled, service = 'web') {
  const { create } = containerOf(compiled, service)
  return { create, host: create.HostConfig as Record<string, unknown> }
}

export function containerOf(compiled: Compiled, service = 'web'): ContainerObject {
  const found = objectsOf(compiled, 'container').find((one) => one.service === service)
  if (!found) throw new Error(`no container of ${service}: ${remarks(compiled).join(', ')}`)
  return found
}

export function subjects(compiled: Compiled): string[] {
  return compiled.stages.flatMap(({ manifests }) => manifests.map(({ subject }) => subject))
}

/** The Problems' codes, each with its severity and path. */
export function remarks({ problems }: Pick<Compiled, 'problems'>): string[] {
  return problems.map(({ code, severity, path }) => `${severity} ${code} ${path}`)
}
