// A sample of the collection through Tycho's own front end.
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type ComposeInput, type ParsedCompose, parseCompose } from '../../../src/compose/parse.ts'
import { filesOf, type Sample } from './collection.ts'

export function parseSample(sample: Sample): ParsedCompose {
  return parseCompose(sampleInput(sample))
}

/** The project's name, where its files give none, is that of their folder. */
export function sampleInput(sample: Sample): ComposeInput {
  const { folder, files, profiles, env } = sample.question
  return {
    compose: files.map((file) => readFileSync(join(folder, file), 'utf8')),
    files: filesOf(sample),
    fileNames: files,
    profiles,
    env,
    fallbackName: basename(folder),
  }
}
