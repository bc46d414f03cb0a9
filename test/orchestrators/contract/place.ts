// What the contract needs of one orchestrator: somewhere to run systems, and a way to see what stands there beside Tycho's.

/** A container that has been made and not yet removed. Times are milliseconds since the epoch, as exact as the platform tells. */
export type SeenContainer = {
  id: string
  service: string
  isRunning: boolean
  startedAt: number | undefined
  endedAt: number | undefined
}

export type Place = AsyncDisposable & {
  /** Settings with which Tycho's processes run systems here. */
  environment: Record<string, string>
  /** An image that nobody has: its registry answers at once. */
  missingImage: string
  /** Everything that Tycho has made here for a system, volumes too. */
  objects(system: string): Promise<string[]>
  containers(system: string): Promise<SeenContainer[]>
  /** Where the platform has no room of its own for a named volume, it has until it is disposed of. */
  roomFor(system: string, volume: string): Promise<AsyncDisposable>
}
