// The entrance: a checked system and the facts of a swarm's manager in, Manifests in stages out. Pure.
import type { Problem } from '../../../../problem.ts'
import type { Compiled, CompileInput } from '../../../orchestrator.ts'
import { checkDependencies } from '../../../shared/check-dependencies.ts'
import { toCompiled } from '../../../shared/to-compiled.ts'
import { checkExtensions } from '../../compile/checks/extensions.ts'
import { checkNames } from '../../compile/checks/names.ts'
import { checkCommand, checkLabels, checkLogging, checkStartInterval } from '../../compile/checks/process.ts'
import { checkVolumes } from '../../compile/checks/storage.ts'
import { type Context, toContext } from '../../compile/context.ts'
import { toObjectNames } from '../../compile/object-names.ts'
import { toWaiting } from '../../compile/waiting.ts'
import { CURRENT_ENGINE, type EngineFacts } from '../../facts.ts'
import { checkFiles, checkMounts, checkNetworks } from './check-storage.ts'
import { checkEndpoint, checkImage, checkPorts, checkRights } from './checks.ts'
import { checkSaid, remark } from './dispositions.ts'
import { toStages } from './stages.ts'

/** A current engine that is the manager of a swarm, whose mesh answers. */
export const CURRENT_SWARM: EngineFacts = { ...CURRENT_ENGINE, swarm: 'manager', routingMesh: true }

/** As for one engine; the body of each Manifest is a `SwarmObject`. */
export function compile(input: CompileInput, facts: EngineFacts = CURRENT_SWARM): Compiled {
  const context = toContext(input, facts)
  return toCompiled(check(context), toObjectNames(context), () => toStages(context))
}

/** The names that `compile` gives, without its manifests and its checks. */
export function objectNamesOf(input: CompileInput, facts: EngineFacts = CURRENT_SWARM): string[] {
  return toObjectNames(toContext(input, facts))
}

function check(context: Context): Problem[] {
  const { spec } = context
  return [
    ...checkNames(context),
    ...checkSaid(spec),
    ...checkExtensions(context),
    ...checkNetworks(context),
    ...checkVolumes(context),
    ...checkFiles(context),
    ...Object.entries(spec.services).flatMap(([name, service]) => [
      ...checkImage(name, service),
      ...checkCommand(name, service),
      ...checkStartInterval(`services.${name}`, service, context),
      ...checkLogging(`services.${name}`, service),
      ...checkLabels(`services.${name}`, service),
      ...checkPorts(name, service, context),
      ...checkEndpoint(name, service, context),
      ...checkMounts(name, service, context),
      ...checkRights(name, service, context),
      ...checkDependencies(name, service, spec, WAITING),
    ]),
  ]
}

const WAITING = toWaiting(remark)
