// Everything that is checked about a system as a whole.
import type { Check } from './check.ts'
import { checkCycles, checkDependencies } from './check-dependencies.ts'
import { checkImages } from './check-images.ts'
import { checkPorts } from './check-ports.ts'
import { checkResources } from './check-resources.ts'
import {
  checkProjectName,
  checkServiceCount,
  checkServiceLabels,
  checkServiceNames,
} from './check-services.ts'

export const CHECKS: readonly Check[] = [
  { about: 'there are services, and not too many', check: checkServiceCount },
  { about: 'the project name is in normal form', check: checkProjectName },
  { about: 'service names are names', check: checkServiceNames },
  { about: 'no two services are the same in DNS', check: checkServiceLabels },
  { about: 'every service has an image', check: checkImages },
  { about: 'dependencies exist', check: checkDependencies },
  { about: 'dependencies have no cycle', check: checkCycles },
  { about: 'no port is given twice', check: checkPorts },
  { about: 'reservations are within limits', check: checkResources },
]
