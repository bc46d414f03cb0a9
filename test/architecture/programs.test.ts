import { readFileSync, statSync } from 'node:fs'
import { expect, it } from 'vitest'
import { program } from '../kit/program.ts'

const programs = ['src/main.ts', 'workers/main.ts', 'src/cli/main.ts']

it('each program can be started by itself', () => {
  for (const path of programs) expect(statSync(program(path)).mode & 0o111, path).toBe(0o111)
})

it('all programs have the same options of Node', () => {
  const firstLines = programs.map((path) => readFileSync(program(path), 'utf8').split('\n')[0])
  expect(firstLines).toEqual(
    programs.map(() => '#!/usr/bin/env -S node --max-semi-space-size=8 --heap-growing-percent=50'),
  )
})
