// `tycho webhooks rotate` and `secret`: what signs the deliveries. Secrets are printed on standard output alone.
import type { Command } from 'commander'
import type { WebhookSecret } from '../../../client/shapes.ts'
import type { Context } from '../../context.ts'
import { exitCodes } from '../../exit-codes.ts'
import { createClientFor, type ServerOptions, withServerOptions } from '../../options.ts'

const rotateExamples = `
Examples:
  $ tycho webhooks rotate 01m1x6wz4z8xk5vq6n3d8e2r7c

For a while the secret before it signs too, so that the receiver can be changed without a loss.`

export function addRotate(webhooks: Command, context: Context): void {
  const command = webhooks
    .command('rotate')
    .description('give an endpoint a new secret')
    .argument('<webhook>', 'id of the endpoint')
    .addHelpText('after', rotateExamples)
  withServerOptions(command).action(async (webhook: string, options: ServerOptions) => {
    const made = await createClientFor(options, context.config).rotateWebhook(webhook)
    show(made, options, context)
  })
}

const secretExamples = `
Examples:
  $ tycho webhooks secret
  $ tycho webhooks secret --rotate

It signs what goes to the callbackUrl of a request; endpoints have secrets of their own.`

export function addSecret(webhooks: Command, context: Context): void {
  const command = webhooks
    .command('secret')
    .description('show the secret that signs the callbacks of requests, or make a new one')
    .option('--rotate', 'make a new one; for a while the one before it signs too')
    .addHelpText('after', secretExamples)
  withServerOptions(command).action(async (options: ServerOptions & { rotate?: true }) => {
    const client = createClientFor(options, context.config)
    show(options.rotate ? await client.rotateWebhook(null) : await client.webhookSecret(), options, context)
  })
}

function show(made: WebhookSecret, { json }: ServerOptions, { output, finish }: Context): void {
  if (json) output.json(made)
  else {
    if (made.previousValidUntil)
      output.note(`The secret before it signs too, until ${made.previousValidUntil}`)
    output.say(made.secret)
  }
  finish(exitCodes.done)
}
