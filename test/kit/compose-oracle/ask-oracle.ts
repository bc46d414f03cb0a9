// Asks the oracle what a Compose file means.
import { spawnSync } from 'node:child_process'
import type { Oracle } from './find-oracle.ts'

export type Question = {
  /** Where it is asked from, and what paths are relative to. */
  folder: string
  files: readonly string[]
  profiles: readonly string[]
  env: Readonly<Record<string, string>>
}

export type Answer = { ok: true; model: unknown } | { ok: false; message: string }

/** The canonical model, or why the oracle refuses the file. Its environment is `env` and nothing else. */
export function askOracle(oracle: Oracle, question: Question): Answer {
  const { folder, files, profiles, env } = question
  const args = [
    ...oracle.args,
    ...files.flatMap((file) => ['-f', file]),
    ...profiles.flatMap((profile) => ['--profile', profile]),
    'config',
    '--format',
    'json',
  ]
  const options = { cwd: folder, encoding: 'utf8', timeout: 30_000, env: { ...env, HOME: folder } } as const
  const { status, stdout, stderr, error } = spawnSync(oracle.command, args, options)
  if (error) throw error
  return status === 0 ? { ok: true, model: JSON.parse(stdout) } : { ok: false, message: stderr.trim() }
}
