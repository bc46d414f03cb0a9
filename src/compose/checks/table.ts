// Everything that is checked about a system as a whole.
import type { Check } from './check.ts'
import { checkConflicts } from './check-conflicts.ts'
import { checkCycles, checkDependencies } from './check-dependencies.ts'
import { checkExtensions } from './check-extensions.ts'
import { checkImages } from './check-images.ts'
import { checkMounts } from './check-mounts.ts'
import { checkPorts } from './check-ports.ts'
import { checkReferences } from './check-references.ts'
import { checkResources } from './check-resources.ts'
import {
  checkProjectName,
  checkServiceCount,
  checkServiceLabels,
  checkServiceNames,
} from './check-services.ts'
import { checkExternal, checkNames, checkSources } from './check-top-level.ts'

export const CHECKS: readonly Check[] = [
  { about: 'there are services, and not too many', check: checkServiceCount },
  { about: 'the project name is in normal form', check: checkProjectName },
  { about: 'service names are names', check: checkServiceNames },
  { about: 'no two services are the same in DNS', check: checkServiceLabels },
  { about: 'every service has an image', check: checkImages },
  { about: 'networks, volumes, configs, secrets and models have names', check: checkNames },
  { about: 'what is external says no more than its name', check: checkExternal },
  { about: 'configs and secrets come from one place', check: checkSources },
  { about: 'networks, volumes, configs, secrets and models that are named exist', check: checkReferences },
  { about: 'no two keys of a service exclude each other', check: checkConflicts },
  { about: 'extensions are as who reads them wants them', check: checkExtensions },
  { about: 'no path has two mounts', check: checkMounts },
  { about: 'dependencies exist', check: checkDependencies },
  { about: 'dependencies have no cycle', check: checkCycles },
  { about: 'no port is given twice', check: checkPorts },
  { about: 'reservations are within limits', check: checkResources },
]
