// Reads Compose files from the disk and parses them here, without a server.
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { RequestFile } from '../compose/load/project-files.ts'
import { type ParsedCompose, parseCompose } from '../compose/parse.ts'
import type { Variables } from './env-file.ts'
import { UsageError } from './exit-codes.ts'
import { readSource, type Source } from './source.ts'
import { collectVariables, type ReadShell, type VariableOptions } from './variables.ts'

export type ReadOptions = VariableOptions & { profile?: string[] }

export type Surroundings = { stdin: NodeJS.ReadableStream; readShell: ReadShell }

/** `sources`: the files that were named, in their order. */
export type ReadCompose = { parsed: ParsedCompose; sources: Source[] }

/**
 * `.env`, and files that the Compose files name, are read from beside the first, until none is missed any more. What is
 * not there is a Problem. Throws UsageError where a file that was named itself can't be read.
 */
export async function readCompose(
  paths: readonly string[],
  systemName: string | null,
  options: ReadOptions,
  surroundings: Surroundings,
): Promise<ReadCompose> {
  const sources = await readSources(paths, surroundings.stdin)
  const input = {
    compose: sources.map(({ text }) => text),
    fileNames: sources.map(({ label }) => label),
    env: await collectAll(sources, options, surroundings.readShell),
    ...(options.profile && { profiles: options.profile }),
    ...(systemName !== null && { systemName }),
  }
  const folder = dirname(sources[0]?.path ?? '.')
  // The variables of this one are known already.
  const tried = new Set(['.env'])
  const files: Record<string, RequestFile> = {}
  for (;;) {
    const parsed = parseCompose({ ...input, files })
    const missed = parsed.filesWanted.filter((path) => !tried.has(path))
    if (missed.length === 0) return { parsed, sources }
    for (const path of missed) {
      tried.add(path)
      const bytes = await readFile(join(folder, path)).catch(() => null)
      if (bytes) files[path] = { base64: bytes.toString('base64') }
    }
  }
}

async function readSources(paths: readonly string[], stdin: NodeJS.ReadableStream): Promise<Source[]> {
  if (paths.filter((path) => path === '-').length > 1) throw new UsageError('Standard input can be read once')
  const sources: Source[] = []
  for (const path of paths) sources.push(await readSource(path, stdin))
  return sources
}

async function collectAll(
  sources: readonly Source[],
  options: VariableOptions,
  readShell: ReadShell,
): Promise<Variables> {
  const each = sources.map((source) => collectVariables(source, options, readShell))
  return Object.assign({}, ...(await Promise.all(each)))
}
