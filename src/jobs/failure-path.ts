// Which key of the Compose file a failure of a service has to do with. Pure.

const keys: Record<string, string> = {
  IMAGE_PULL_FAILED: 'image',
  IMAGE_NAME_INVALID: 'image',
  REGISTRY_UNAVAILABLE: 'image',
  CONTAINER_START_FAILED: 'command',
  UNHEALTHY: 'healthcheck',
  UNSCHEDULABLE: 'deploy.resources',
  MOUNT_FAILED: 'volumes',
}

/**
 * Where the file does not have the key, the nearest one above it is meant. What runs before a service is called after the
 * key that says it (`web/pre_start`), which has no such keys.
 */
export function failurePath(service: string, code: string): string {
  const key = keys[code]
  const path = `services.${service.replace('/', '.')}`
  return key === undefined || service.includes('/') ? path : `${path}.${key}`
}
