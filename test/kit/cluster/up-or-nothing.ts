/** A start that fails leaves nothing running, but a cluster that ran before is left alone. */
import { findDaemon } from './daemon.ts'
import { abandon } from './down.ts'
import type { Report } from './packages.ts'
import type { Settings } from './settings.ts'
import { COMPONENT_NAMES, up } from './up.ts'

/** Whether there is a cluster, whole or not. */
export function isAnythingRunning({ run }: Settings): boolean {
  return COMPONENT_NAMES.some((name) => findDaemon(run, name))
}

export async function upOrNothing(settings: Settings, report: Report): Promise<void> {
  const wasRunning = isAnythingRunning(settings)
  try {
    await up(settings, report)
  } catch (error) {
    if (!wasRunning)
      await abandon(settings).catch((reason: unknown) => report(`could not clean up: ${reason}`))
    throw error
  }
}
