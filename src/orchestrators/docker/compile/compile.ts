// The entrance: a checked system and the facts of an engine in, Manifests in stages out. Pure.
import type { Problem } from '../../../problem.ts'
import type { Compiled, CompileInput } from '../../orchestrator.ts'
import { checkDependencies } from '../../shared/check-dependencies.ts'
import { toCompiled } from '../../shared/to-compiled.ts'
import { CURRENT_ENGINE, type EngineFacts } from '../facts.ts'
import { checkAttachments } from './checks/attachments.ts'
import { checkDeploy } from './checks/deploy.ts'
import { checkExtensions } from './checks/extensions.ts'
import { checkFiles } from './checks/files.ts'
import { checkImage } from './checks/images.ts'
import { checkNames } from './checks/names.ts'
import { checkNetworks } from './checks/networks.ts'
import { checkPorts } from './checks/ports.ts'
import { checkProcess } from './checks/process.ts'
import { checkRights } from './checks/rights.ts'
import { checkMounts, checkVolumes } from './checks/storage.ts'
import { type Context, toContext } from './context.ts'
import { checkSaid, remark } from './dispositions.ts'
import { toObjectNames } from './object-names.ts'
import { toStages } from './stages.ts'
import { toWaiting } from './waiting.ts'

/** Deterministic: the same input gives the same output. The body of each Manifest is an `EngineObject`. */
export function compile(input: CompileInput, facts: EngineFacts = CURRENT_ENGINE): Compiled {
  const context = toContext(input, facts)
  return toCompiled(check(context), toObjectNames(context), () => toStages(context))
}

/** The names that `compile` gives, without its manifests and its checks. */
export function objectNamesOf(input: CompileInput, facts: EngineFacts = CURRENT_ENGINE): string[] {
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
      ...checkImage(name, service, context),
      ...checkProcess(name, service, context),
      ...checkPorts(name, service, context),
      ...checkAttachments(name, service, context),
      ...checkMounts(name, service, context),
      ...checkRights(name, service, context),
      ...checkDeploy(name, service),
      ...checkDependencies(name, service, spec, WAITING),
    ]),
  ]
}

const WAITING = toWaiting(remark)
