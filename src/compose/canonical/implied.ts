// What a Compose file need not say, because it is so unless it says otherwise.

/** The file that builds an image (specification, "dockerfile"). */
export const DOCKERFILE = 'Dockerfile'

/** The name of a network, volume, config or secret outside of the system (specification, "name"); null: not known. */
export function impliedName(key: string, isExternal: boolean, project: string | null): string | null {
  if (isExternal) return key
  return project === null ? null : `${project}_${key}`
}

/** Where a service finds a secret (specification, "secrets"). */
export function secretTarget(source: string): string {
  return `/run/secrets/${source}`
}
