// Completion: what could come next on a command line, and the real bash that is told so.
import { execFile } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { placeOf } from '../../src/cli/completion/place.ts'
import { scripts } from '../../src/cli/completion/scripts.ts'
import type { Context } from '../../src/cli/context.ts'
import { createOutput } from '../../src/cli/output.ts'
import { createProgram } from '../../src/cli/program.ts'
import { hello, start } from '../api/kit.ts'
import { program as programFile } from '../kit/program.ts'
import { startServer, temporaryFolder } from './kit.ts'

const output = createOutput(process.stdout, process.stderr)
const program = createProgram({ output, finish() {} } as unknown as Context, { quiet: true })

const valuesAt = (...words: string[]) => {
  const place = placeOf(program, words)
  return place.kind === 'things' ? place.things.map(({ value }) => value) : place
}

it('knows commands, those below them, options and what they may be', () => {
  expect(valuesAt('')).toEqual(expect.arrayContaining(['up', 'batch', 'completion']))
  expect(valuesAt('')).not.toContain('__complete')
  expect(valuesAt('batch', '')).toEqual(expect.arrayContaining(['create', 'items', 'down']))
  expect(valuesAt('up', '--')).toEqual(expect.arrayContaining(['--file', '--no-wait', '--json', '--help']))
  expect(valuesAt('jobs', '--status', '')).toEqual(['queued', 'running', 'succeeded', 'failed', 'canceled'])
  expect(valuesAt('completion', '')).toEqual(['bash', 'zsh', 'fish'])
})

it('knows of what a name is wanted, whatever options stand before it', () => {
  expect(valuesAt('down', '')).toEqual({ kind: 'names', of: 'names' })
  expect(valuesAt('down', 'one', '--volumes', 't')).toEqual({ kind: 'names', of: 'names' })
  expect(valuesAt('logs', '-f', '--tail', '5', '')).toEqual({ kind: 'names', of: 'name' })
  expect(valuesAt('batch', 'items', '--csv', '')).toEqual({ kind: 'names', of: 'batch' })
  expect(valuesAt('wait', '')).toEqual({ kind: 'names', of: 'job' })
  expect(valuesAt('jobs', '--system', '')).toEqual({ kind: 'names', of: 'name' })
  expect(valuesAt('up', '-f', '')).toEqual({ kind: 'other' })
  expect(valuesAt('wait', 'one', '')).toEqual({ kind: 'other' })
})

it('completes the names of the server in bash, and has none where the server is away', async () => {
  await using server = await startServer()
  using folder = temporaryFolder()
  await start(server, { name: 'shop', compose: hello })
  const bin = join(folder.path, 'bin')
  mkdirSync(bin)
  symlinkSync(programFile('src/cli/main.ts'), join(bin, 'tycho'))
  const script = `${scripts.bash}
    COMP_WORDS=(tycho status sh); COMP_CWORD=2; _tycho; printf '<%s>' "\${COMPREPLY[@]}"
    COMP_WORDS=(tycho wait ''); COMP_CWORD=2; TYCHO_URL=http://127.0.0.1:1 _tycho; echo "\${#COMPREPLY[@]}"`
  const PATH = [bin, dirname(process.execPath), process.env.PATH].join(delimiter)
  const { stdout } = await promisify(execFile)('bash', ['-c', script], {
    env: { PATH, TYCHO_URL: server.url },
  })
  expect(stdout).toBe('<shop>0\n')
})
