// `tycho completion`: the shell completes commands, options, and the names of what the server has.
import { Argument, type Command } from 'commander'
import { findNames } from '../completion/names.ts'
import { type Candidate, placeOf } from '../completion/place.ts'
import { type Shell, scripts, shells } from '../completion/scripts.ts'
import type { Context } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { oneLine } from '../one-line.ts'
import { createClientFor } from '../options.ts'

/** Nobody waits longer for a tabulator. */
const patienceMs = 2_000

const examples = `
Examples:
  $ source <(tycho completion bash)                                        # in ~/.bashrc
  $ source <(tycho completion zsh)                                         # in ~/.zshrc, after compinit
  $ tycho completion fish > ~/.config/fish/completions/tycho.fish

Commands and options are known without a server; names of systems, and ids of batches, jobs that are under way and webhooks
come from the one of TYCHO_URL or -s.`

export function addCompletion(program: Command, context: Context): void {
  program
    .command('completion')
    .description('print what makes a shell complete the commands of tycho')
    .addArgument(new Argument('<shell>', 'which shell').choices(shells))
    .addHelpText('after', examples)
    .action((shell: Shell) => {
      context.output.say(scripts[shell])
      context.finish(exitCodes.done)
    })
  program
    .command('__complete', { hidden: true })
    .argument('[words...]')
    .action(async (words: string[]) => {
      for (const { value, about } of await complete(program, words, context))
        context.output.say(about === '' ? value : `${value}\t${oneLine(about)}`)
      context.finish(exitCodes.done)
    })
}

async function complete(program: Command, words: string[], context: Context): Promise<Candidate[]> {
  const place = placeOf(program, words)
  const typed = words.at(-1) ?? ''
  if (place.kind === 'other') return []
  const found = place.kind === 'things' ? place.things : await lookUp(place.of, words, context)
  return found.filter(({ value }) => value.startsWith(typed))
}

/** A server that is away, or wants a token, has no names: a shell has no place for errors. */
async function lookUp(of: string, words: string[], { config }: Context): Promise<Candidate[]> {
  try {
    const at = words.findLastIndex((word) => word === '-s' || word === '--server')
    const server = at === -1 ? undefined : words[at + 1]
    const signal = AbortSignal.timeout(patienceMs)
    return await findNames(createClientFor({ ...(server !== undefined && { server }) }, config, signal), of)
  } catch {
    return []
  }
}
