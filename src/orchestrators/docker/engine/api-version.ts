// Which version of the Engine API requests are made with.

/** The newest that this code was written for (https://docs.docker.com/reference/api/engine/version-history/). */
const newest = '1.51'

/** The engine's own where it is older, its oldest where it knows no older one; Podman says nothing of the oldest. */
export function negotiate({
  ApiVersion = newest,
  MinAPIVersion = '1.12',
}: {
  ApiVersion?: string
  MinAPIVersion?: string
}): string {
  if (isOlder(ApiVersion, newest)) return ApiVersion
  return isOlder(newest, MinAPIVersion) ? MinAPIVersion : newest
}

export function isOlder(a: string, b: string): boolean {
  return numberOf(a) < numberOf(b)
}

function numberOf(version: string): number {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major * 1_000 + minor
}
