// What a service can wait for on an engine, and on a swarm.
import type { Waiting } from '../../shared/check-dependencies.ts'

/** A container that is started again whenever it ends never comes to an end. `remark`: that of the table. */
export function toWaiting(remark: Waiting['remark']): Waiting {
  return {
    remark,
    hasHealthcheck: (_name, { healthcheck }) => healthcheck !== null,
    ends: (_name, { restart: { condition } }) => condition !== 'always' && condition !== 'unless-stopped',
    withoutHealthcheck: (name, other) =>
      `\`${other}\` has no healthcheck in the file: where its image has none either, \`${name}\` waits only until it runs.`,
  }
}
