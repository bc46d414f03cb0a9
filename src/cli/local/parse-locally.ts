// Reads a system's files from the disk and parses them here, without a server.
import { dirname, join } from 'node:path'
import type { RequestFile } from '../../compose/load/project-files.ts'
import { type ParsedCompose, parseCompose } from '../../compose/parse.ts'
import type { CheckExtension } from '../../system/extensions.ts'
import { readFolder } from '../build-folder.ts'
import { UsageError } from '../exit-codes.ts'
import { nameOfFile } from '../names.ts'
import { readInside } from '../read-inside.ts'
import { readSource, type Source } from '../source.ts'
import { collectLocally, type ReadShell, type VariableOptions } from '../variables.ts'
import { findEnvFiles } from './find-files.ts'

export type LocalOptions = VariableOptions & { name?: string; profile?: string[] }

export type Surroundings = {
  folder: string
  stdin: NodeJS.ReadableStream
  readShell: ReadShell
  checkExtension: CheckExtension
}

/** `sources`: every file that a Problem may name, those included and extended too. */
export type ParsedLocally = { parsed: ParsedCompose; sources: Source[] }

/**
 * Files that the first ones name are read from beside the first, until none is missed any more. What is not there is a
 * Problem, not an error here.
 */
export async function parseLocally(
  paths: readonly string[],
  given: LocalOptions,
  surroundings: Surroundings,
): Promise<ParsedLocally> {
  const envFile = findEnvFiles(given.envFile, surroundings.readShell)
  const options: LocalOptions = { ...given, ...(envFile && { envFile }) }
  const sources = await readAll(paths, surroundings)
  const directory = dirname(sources[0]?.path ?? '.')
  const files: Record<string, RequestFile> = {}
  const built: Record<string, RequestFile> = {}
  const walked = new Set<string>()
  const tried = new Set(options.envFile ? ['.env'] : [])
  for (;;) {
    const parsed = await parseWith(sources, { files, built }, options, surroundings)
    const missed = parsed.filesWanted.filter((path) => !tried.has(path))
    const folders = parsed.foldersWanted.filter((path) => !walked.has(path))
    if (missed.length === 0 && folders.length === 0)
      return { parsed, sources: [...sources, ...toSources(files, directory)] }
    for (const path of folders) {
      walked.add(path)
      Object.assign(built, await readFolder(directory, path))
    }
    for (const path of missed) {
      tried.add(path)
      const content = await readInside(directory, path)
      if (content !== null) files[path] = content
    }
  }
}

async function readAll(paths: readonly string[], { stdin }: Surroundings): Promise<Source[]> {
  if (paths.filter((path) => path === '-').length > 1) throw new UsageError('-f - can be given once')
  const sources: Source[] = []
  for (const path of paths) sources.push(await readSource(path, stdin))
  return sources
}

async function parseWith(
  sources: readonly Source[],
  { files, built }: { files: Record<string, RequestFile>; built: Record<string, RequestFile> },
  options: LocalOptions,
  { folder, readShell, checkExtension }: Surroundings,
): Promise<ParsedCompose> {
  const texts = Object.values(files).filter((file) => typeof file === 'string')
  const first = sources[0]?.path
  const name = first ? nameOfFile(first, folder) : null
  return parseCompose({
    compose: sources.map(({ text }) => text),
    fileNames: sources.map(({ label }) => label),
    env: await collectLocally([...sources.map(({ text }) => text), ...texts], options, readShell),
    files: { ...built, ...files },
    checkExtension,
    ...(options.profile && { profiles: options.profile }),
    ...(options.name !== undefined && { systemName: options.name }),
    ...(name !== null && { fallbackName: name }),
  })
}

function toSources(files: Readonly<Record<string, RequestFile>>, directory: string): Source[] {
  return Object.entries(files).flatMap(([name, file]) =>
    typeof file === 'string' ? [{ path: join(directory, name), label: name, text: file }] : [],
  )
}
