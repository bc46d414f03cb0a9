// One service in the model, from its long forms.
import { emptyService } from '../../system/empty.ts'
import type { Dependency, DependencyCondition, Restart, ServiceSpec } from '../../system/spec.ts'
import { booleanAt, child, listAt, type MapNode, mapAt, scalarAt, textAt } from '../node.ts'
import { type BuildContext, reportInvalid } from './build-context.ts'
import { buildExtensions } from './build-extensions.ts'
import { buildHealthcheck } from './build-healthcheck.ts'
import { buildExpose, buildPorts } from './build-ports.ts'
import { buildReplicas } from './build-replicas.ts'
import { buildResources } from './build-resources.ts'

/** Reports what can't be read and puts a harmless value in its place; the checks that follow go on with the rest. */
export function buildService(service: MapNode, path: string, context: BuildContext): ServiceSpec {
  return {
    ...emptyService(textAt(service, 'image') ?? ''),
    command: wordsAt(service, 'command'),
    entrypoint: wordsAt(service, 'entrypoint'),
    environment: buildEnvironment(service, context),
    ports: buildPorts(service, path, context),
    expose: buildExpose(service, path, context),
    replicas: buildReplicas(service, path, context),
    resources: buildResources(service, path, context),
    restart: buildRestart(service, path, context),
    healthcheck: buildHealthcheck(service, path, context),
    dependsOn: buildDependencies(service, path, context),
    extensions: buildExtensions(service),
  }
}

function wordsAt(service: MapNode, key: string): string[] | null {
  const list = listAt(service, key)
  if (!list) return null
  return list.items
    .filter((item) => item.kind === 'scalar')
    .filter((item) => item.value !== null)
    .map((item) => item.text)
}

/** A variable without a value takes the request's, and is left out where there is none (specification, "environment"). */
function buildEnvironment(service: MapNode, { environment }: BuildContext): Record<string, string> {
  const variables: [string, string][] = []
  for (const [name, { value }] of mapAt(service, 'environment')?.entries ?? []) {
    if (value.kind !== 'scalar') continue
    const text =
      value.value === null ? (Object.hasOwn(environment, name) ? environment[name] : undefined) : value.text
    if (text !== undefined) variables.push([name, text])
  }
  return Object.fromEntries(variables)
}

function buildRestart(service: MapNode, path: string, context: BuildContext): Restart {
  const node = scalarAt(service, 'restart')
  if (!node) return { condition: 'unset' }
  const onFailure = /^on-failure(?::(\d{1,9}))?$/.exec(node.text)
  if (onFailure)
    return { condition: 'on-failure', maxAttempts: onFailure[1] === undefined ? null : Number(onFailure[1]) }
  if (node.text === 'no' || node.text === 'always' || node.text === 'unless-stopped')
    return { condition: node.text }
  const rule = 'it must be `no`, `always`, `on-failure`, `on-failure:3` or `unless-stopped`'
  reportInvalid(context, `${path}.restart`, node, rule)
  return { condition: 'unset' }
}

const CONDITIONS: Readonly<Record<string, DependencyCondition>> = {
  service_started: 'started',
  service_healthy: 'healthy',
  service_completed_successfully: 'completed',
}

function buildDependencies(
  service: MapNode,
  path: string,
  context: BuildContext,
): Record<string, Dependency> {
  const dependencies: [string, Dependency][] = []
  for (const [name, { value }] of mapAt(service, 'depends_on')?.entries ?? []) {
    if (value.kind === 'map')
      dependencies.push([name, buildDependency(value, `${path}.depends_on.${name}`, context)])
  }
  return Object.fromEntries(dependencies)
}

function buildDependency(dependency: MapNode, path: string, context: BuildContext): Dependency {
  return {
    condition: conditionOf(dependency, path, context),
    required: booleanAt(dependency, 'required') ?? true,
    restart: booleanAt(dependency, 'restart') ?? false,
  }
}

function conditionOf(dependency: MapNode, path: string, context: BuildContext): DependencyCondition {
  const node = scalarAt(dependency, 'condition')
  const words = '`service_started`, `service_healthy` or `service_completed_successfully`'
  if (!node) {
    if (!child(dependency, 'condition') && !context.reporter.hasErrorAt(`${path}.condition`)) {
      context.reporter.report({
        code: 'MISSING_KEY',
        path,
        message: `A dependency needs \`condition\`: add ${words}.`,
      })
    }
    return 'started'
  }
  const condition = Object.hasOwn(CONDITIONS, node.text) ? CONDITIONS[node.text] : undefined
  if (!condition) reportInvalid(context, `${path}.condition`, node, `it must be ${words}`)
  return condition ?? 'started'
}
