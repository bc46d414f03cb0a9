// `tycho tokens`: who may call.
import type { Command } from 'commander'
import type { IssuedToken, Token, TokenRequest } from '../../client/shapes.ts'
import type { Context } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { append, createClientFor, parseSeconds, type ServerOptions, withServerOptions } from '../options.ts'
import { terseToken, tokenLines } from '../token-view.ts'

type Scope = NonNullable<TokenRequest['scopes']>[number]
type CreateOptions = ServerOptions & { tenant: string; scope?: string[]; description?: string; ttl?: number }
type ListOptions = ServerOptions & { tenant?: string; terse?: true }

const examples = `
Examples:
  $ tycho tokens create --tenant class-of-2026 --description "the portal"
  $ tycho tokens create --tenant ci --scope read --ttl 86400
  $ tycho tokens list
  $ tycho tokens revoke 01m1x6wz4z8xk5vq6n3d8e2r7c

These are the operator's: they need a token with the scope admin, such as the server's TYCHO_ADMIN_TOKEN, in TYCHO_TOKEN.
On the machine where "npm start" runs they need none.`

export function addTokens(program: Command, context: Context): void {
  const tokens = program
    .command('tokens')
    .description('make, list and revoke the tokens that let callers in')
    .helpCommand(false)
    .addHelpText('after', examples)
  addCreate(tokens, context)
  addList(tokens, context)
  addRevoke(tokens, context)
}

function addCreate(tokens: Command, context: Context): void {
  const command = tokens
    .command('create')
    .description('make a token; it is printed once, on standard output alone')
    .requiredOption('--tenant <name>', 'on whose behalf it speaks')
    .option('--scope <scope>', 'read, write (the default) or admin; may be repeated', append)
    .option('--description <text>', 'for whom, or for what')
    .option('--ttl <seconds>', 'how long it is good (else until it is revoked)', parseSeconds)
    .addHelpText('after', examples)
  withServerOptions(command).action(async (options: CreateOptions) => {
    const { tenant, scope, description, ttl } = options
    const made = await createClientFor(options, context.config).createToken({
      tenant,
      // The server says which there are.
      ...(scope && { scopes: scope as Scope[] }),
      ...(description !== undefined && { description }),
      ...(ttl !== undefined && { ttlSeconds: ttl }),
    })
    showMade(made, options, context)
  })
}

function showMade(made: IssuedToken, options: ServerOptions, { output, finish }: Context): void {
  if (options.json) output.json(made)
  else {
    output.note(`Token ${made.id} of ${made.tenant}; it is shown this once:`)
    output.say(made.token)
  }
  finish(exitCodes.done)
}

function addList(tokens: Command, context: Context): void {
  const command = tokens
    .command('list')
    .description('list the tokens, newest first, without their secrets')
    .option('--tenant <name>', 'only those of one tenant')
    .option('-t, --terse', 'one line for each: id, tenant and scopes, with tabs between')
    .addHelpText('after', examples)
  withServerOptions(command).action(async (options: ListOptions) => {
    const found: Token[] = await createClientFor(options, context.config).tokens(options.tenant)
    if (options.json) context.output.json({ tokens: found })
    else
      for (const line of options.terse ? found.map(terseToken) : tokenLines(found)) context.output.say(line)
    context.finish(exitCodes.done)
  })
}

function addRevoke(tokens: Command, context: Context): void {
  const command = tokens
    .command('revoke')
    .description('make a token good for nothing, at once and for good')
    .argument('<id>', 'id of the token, as "tycho tokens list" shows it')
    .addHelpText('after', examples)
  withServerOptions(command).action(async (id: string, options: ServerOptions) => {
    await createClientFor(options, context.config).revokeToken(id)
    if (options.json) context.output.json({ id, revoked: true })
    else context.output.say(`Token ${id} is revoked`)
    context.finish(exitCodes.done)
  })
}
