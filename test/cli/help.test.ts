// Every command helps with examples.
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import type { Context } from '../../src/cli/context.ts'
import { createOutput } from '../../src/cli/output.ts'
import { createProgram } from '../../src/cli/program.ts'
import { readConfig } from '../../src/config.ts'
import { runCli } from './kit.ts'

/** A command line whose help is kept. */
function program(): { program: Command; said: string[] } {
  const said: string[] = []
  const output = {
    ...createOutput(process.stdout, process.stderr),
    say: (text: string) => void said.push(text),
  }
  const context = { config: readConfig({}), output, finish() {} } as unknown as Context
  return { program: createProgram(context, { quiet: true }), said }
}

function pathsOf(command: Command, path: string[] = []): string[][] {
  const shown = command.commands.filter((one) => !one.name().startsWith('_'))
  return shown.flatMap((one) => [[...path, one.name()], ...pathsOf(one, [...path, one.name()])])
}

const paths = pathsOf(program().program)

describe('tycho', () => {
  it('has the commands of the contract', () => {
    const names = paths.filter((path) => path.length === 1).map(([name]) => name)
    const wanted =
      'up down status logs compile config batch jobs wait cancel webhooks tokens api worker dev doctor completion version'
    expect(names).toEqual(expect.arrayContaining(wanted.split(' ')))
  })

  it.each(paths.map((path) => path.join(' ')))('%s has help with examples', async (path) => {
    const { program: fresh, said } = program()
    await expect(fresh.parseAsync([...path.split(' '), '--help'], { from: 'user' })).rejects.toMatchObject({
      exitCode: 0,
    })
    const words = said.join('\n')
    // The version has nothing to show.
    if (path !== 'version') expect(words).toMatch(new RegExp(`Examples:\n(.*\n)*.*(tycho ${path}|npm start)`))
  })

  it('shows its commands, and ends with 0', async () => {
    const ended = await runCli(['--help'])
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('\n  up ') })
  })
})
