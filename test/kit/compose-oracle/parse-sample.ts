// A sample of the collection through Tycho's own front end.
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type ParsedCompose, parseCompose } from '../../../src/compose/parse.ts'
import { filesOf, type Sample } from './collection.ts'

/** The project's name, where its files give none: that of their folder. */
export function projectOf({ question }: Sample): string {
  return basename(question.folder)
}

export function parseSample(sample: Sample): ParsedCompose {
  const { folder, files, profiles, env } = sample.question
  return parseCompose({
    compose: files.map((file) => readFileSync(join(folder, file), 'utf8')),
    files: filesOf(sample),
    fileNames: files,
    profiles,
    env,
    fallbackName: projectOf(sample),
  })
}
