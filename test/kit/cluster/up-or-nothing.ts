/** A start that fails leaves nothing running, but a cluster that ran before is left alone. */
import { findDaemon } from './daemon.ts'
import { abandon } from './down.ts'
import type { Report } from './packages.ts'
import type { Settings } from './settings.ts'
import { COMPONENT_NAMES, up } from './up.ts'

export async function upOrNothing(settings: Settings, report: Report): Promise<void> {
  const wasRunning = COMPONENT_NAMES.some((name) => findDaemon(settings.run, name))
  try {
    await up(settings, report)
  } catch (error) {
    if (!wasRunning)
      await abandon(settings).catch((reason: unknown) => report(`could not clean up: ${reason}`))
    throw error
  }
}
