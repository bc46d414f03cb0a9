// For the tests, which are TypeScript.
export type Machine = {
  env: Record<string, string | undefined>
  home: string
  /** Whether packages of the distribution can be installed. */
  mayInstall: () => boolean
  hasDocker: () => boolean
}
export function hasPlace(root: string, machine?: Machine): boolean
