// What is kept by hash between the tasks of a job.
import type { Stage } from '../src/orchestrators/orchestrator.ts'
import type { Positions } from '../src/problem.ts'
import { TychoError } from '../src/problem.ts'
import type { Store } from '../src/store/store.ts'
import type { SettingsByService } from '../src/system/service-settings.ts'
import type { SystemSpec } from '../src/system/spec.ts'

/** As the API stores it when it accepts a request. */
export type StoredSpec = { spec: SystemSpec; positions: Positions; settings?: SettingsByService }

/** As the compile task stores it. */
export type StoredStages = { stages: Stage[]; objectNames: string[] }

/** Reads content that a job refers to. Throws CONTENT_LOST when Redis has lost it. */
export async function readContent<T>(store: Store, hash: string | null): Promise<T> {
  const content = hash === null ? null : await store.contents.get<T>(hash)
  if (content === null) {
    throw new TychoError(
      'CONTENT_LOST',
      'What this job was to run is no longer stored; send the Compose file again',
    )
  }
  return content
}
