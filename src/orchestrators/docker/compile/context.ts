// What every part of the compiler may look at. Nothing in it is written.
import type { Exposure } from '../../../system/endpoint.ts'
import { DEFAULT_POLICY, type Policy } from '../../../system/policy.ts'
import type { SettingsByService } from '../../../system/service-settings.ts'
import type { SystemIdentity, SystemSpec } from '../../../system/spec.ts'
import type { CompileInput } from '../../orchestrator.ts'
import { withBounds } from '../../shared/policy.ts'
import type { EngineFacts } from '../facts.ts'

export type Context = {
  identity: SystemIdentity
  spec: SystemSpec
  exposure: Exposure
  settings: SettingsByService
  policy: Policy
  facts: EngineFacts
  /** Everything is kept, and nothing runs. */
  suspended: boolean
  /** RFC 3339; null: never restarted. */
  restartedAt: string | null
}

export function toContext(input: CompileInput, facts: EngineFacts): Context {
  return {
    identity: input.identity,
    spec: withBounds(input.spec, input.policy ?? DEFAULT_POLICY),
    exposure: input.exposure,
    settings: input.settings ?? {},
    policy: input.policy ?? DEFAULT_POLICY,
    facts,
    suspended: input.suspended ?? false,
    restartedAt: input.restartedAt ?? null,
  }
}

/** What the request says of the service, else of all of them. */
export function exposureOf(name: string, { settings, exposure }: Context): Exposure {
  return settings[name]?.exposure ?? exposure
}
