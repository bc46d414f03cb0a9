// The back end's entrance: a checked system and the facts of a cluster in, Manifests in stages out. Pure.
import type { Problem } from '../../../problem.ts'
import type { Compiled, CompileInput } from '../../orchestrator.ts'
import { toCompiled } from '../../shared/to-compiled.ts'
import { assumedFacts, type ClusterFacts } from '../facts.ts'
import { checkAutoscaler } from './autoscaler.ts'
import { checkDependencies } from './check-dependencies.ts'
import { checkFiles } from './check-files.ts'
import { checkKompose } from './check-kompose.ts'
import { checkMounts } from './check-mounts.ts'
import { checkNames } from './check-names.ts'
import { checkNamespaces } from './check-namespaces.ts'
import { checkPodGroups } from './check-pod-groups.ts'
import { checkPorts } from './check-ports.ts'
import { checkServedNames } from './check-served-names.ts'
import { checkStrategy } from './check-strategy.ts'
import { checkVolumes } from './check-volumes.ts'
import { checkClients } from './clients.ts'
import { checkCommand } from './command.ts'
import { type Context, toContext } from './context.ts'
import { checkDevices } from './devices.ts'
import { checkDiscovery } from './discovery.ts'
import { checkSaid } from './dispositions.ts'
import { checkEnvironment } from './environment.ts'
import { hasGate, toGateName } from './gate.ts'
import { checkHooks } from './hooks.ts'
import { checkHosts } from './hosts.ts'
import { checkImage } from './image.ts'
import { checkIngresses } from './ingress.ts'
import { checkInitContainers } from './init-containers.ts'
import { toHeadlessName, toOwnName } from './names.ts'
import { checkNodePorts } from './node-ports.ts'
import { hasHeadlessOwner } from './owner.ts'
import { checkPolicy } from './permissions.ts'
import { checkPlacement } from './placement.ts'
import { checkPodMetadata } from './pod-metadata.ts'
import { checkPodSecurity } from './pod-security.ts'
import { checkPodUsers } from './pod-user.ts'
import { checkHealthcheck } from './probe.ts'
import { checkResources } from './resources.ts'
import { checkSchedule } from './schedule.ts'
import { checkSecurity } from './security.ts'
import { checkAccounts, checkController } from './service-extension.ts'
import { checkDeployLabels } from './service-metadata.ts'
import { checkStableAddress } from './stable-address.ts'
import { toStages } from './stages.ts'
import { checkStop } from './stop.ts'
import { checkMode, checkRestart } from './workload.ts'

/**
 * Deterministic: the same input gives the same output. The first manifest of the first stage is the system's
 * owner.
 */
export function compile(input: CompileInput, facts: ClusterFacts = assumedFacts): Compiled {
  const context = toContext(input, facts)
  return toCompiled(check(context), toObjectNames(context), () => toStages(context))
}

/** The names that `compile` gives, without its manifests and its checks. */
export function objectNamesOf(input: CompileInput, facts: ClusterFacts = assumedFacts): string[] {
  return toObjectNames(toContext(input, facts))
}

function check(context: Context): Problem[] {
  const { spec, facts } = context
  const services = Object.entries(spec.services)
  return [
    ...checkNames(context),
    ...checkDiscovery(context),
    ...checkAccounts(context),
    ...checkPodUsers(spec, context.policy),
    ...checkSaid(spec),
    ...checkVolumes(context),
    ...checkFiles(context),
    ...checkIngresses(context),
    ...checkNodePorts(context),
    ...checkPodGroups(context),
    ...services.flatMap(([name, service]) => [
      ...checkController(name, service),
      ...checkKompose(name, service, context),
      ...checkImage(name, service),
      ...checkCommand(name, service),
      ...checkEnvironment(name, service, facts),
      ...checkPorts(name, service, context),
      ...checkClients(name, service, context),
      ...checkResources(name, service),
      ...checkRestart(name, service, context),
      ...checkHealthcheck(name, service),
      ...checkDependencies(name, service, context),
      ...checkStop(name, service, facts),
      ...checkPodMetadata(name, service),
      ...checkServedNames(name, service, context),
      ...checkNamespaces(name, service, context),
      ...checkHosts(name, service),
      ...checkMounts(name, service, context),
      ...checkSecurity(name, service, context),
      ...checkPolicy(name, service, context.policy),
      ...checkPodSecurity(name, service),
      ...checkMode(name, service),
      ...checkAutoscaler(name, service, context),
      ...checkSchedule(name, service),
      ...checkStableAddress(name, context),
      ...checkHooks(name, service),
      ...checkInitContainers(name, service, context.policy),
      ...checkStrategy(name, service, context),
      ...checkPlacement(name, service),
      ...checkDevices(name, service),
      ...checkDeployLabels(name, service),
    ]),
  ]
}

/** A service holds its name whether or not it publishes ports, so that it may begin to. */
function toObjectNames(context: Context): string[] {
  const { identity, spec } = context
  const services = Object.entries(spec.services)
  const own = services.flatMap(([name, service]) => [
    toOwnName(identity.name, name, service),
    ...(hasGate(service) ? [toGateName(identity, name)] : []),
  ])
  const names = hasHeadlessOwner(context) ? [toHeadlessName(identity.name), ...own] : own
  return [...new Set([...names, ...Object.values(context.hosts)])]
}
