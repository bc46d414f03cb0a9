// What Redis was asked to do.
import type { Redis } from 'ioredis'

/**
 * `calls`: commands, also those that scripts send inside the server. `scripts`: calls of scripts by clients. Bytes are
 * what went over its sockets, in both directions. `memoryBytes`: the most that it has held.
 */
export type RedisCosts = {
  calls: number
  scripts: number
  bytes: number
  cpuMs: number
  memoryBytes: number
}

export async function readRedisCosts(redis: Redis): Promise<RedisCosts> {
  const text = await redis.info('everything')
  const field = (name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(text)?.[1])
  const calls = (pattern: RegExp) =>
    [...text.matchAll(pattern)].reduce((sum, [, count]) => sum + Number(count), 0)
  return {
    calls: calls(/^cmdstat_[^:]+:calls=(\d+)/gm),
    scripts: calls(/^cmdstat_(?:evalsha|eval|fcall):calls=(\d+)/gm),
    bytes: field('total_net_input_bytes') + field('total_net_output_bytes'),
    cpuMs: (field('used_cpu_sys') + field('used_cpu_user')) * 1000,
    memoryBytes: field('used_memory_peak'),
  }
}

export function costsBetween(before: RedisCosts, after: RedisCosts): RedisCosts {
  return {
    calls: after.calls - before.calls,
    scripts: after.scripts - before.scripts,
    bytes: after.bytes - before.bytes,
    cpuMs: after.cpuMs - before.cpuMs,
    memoryBytes: after.memoryBytes,
  }
}
