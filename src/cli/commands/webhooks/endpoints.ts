// `tycho webhooks create`, `list`, `delete` and `ping`: the endpoints.
import type { Command } from 'commander'
import type { WebhookRequest } from '../../../client/shapes.ts'
import type { Context } from '../../context.ts'
import { exitCodes } from '../../exit-codes.ts'
import { append, createClientFor, once, type ServerOptions, withServerOptions } from '../../options.ts'
import { terseWebhook, webhookTable } from '../../webhook-view.ts'

type Events = NonNullable<WebhookRequest['events']>
type CreateOptions = ServerOptions & { event?: string[]; description?: string }
type ListOptions = ServerOptions & { terse?: true }

const id = '01m1x6wz4z8xk5vq6n3d8e2r7c'

export function addCreate(webhooks: Command, context: Context): void {
  const command = webhooks
    .command('create')
    .description('register an endpoint; its secret is printed once, on standard output alone')
    .argument('<url>', 'where events are sent: http or https, at an address that the operator allows')
    .option('--event <type>', 'tell it of this event; may be repeated (else of the usual ones)', append)
    .option('--description <text>', 'for whom, or for what', once)
    .addHelpText('after', createExamples)
  withServerOptions(command).action(async (url: string, options: CreateOptions) => {
    const { event, description, json } = options
    const made = await createClientFor(options, context.config).createWebhook({
      url,
      // The server says which there are.
      ...(event && { events: event as Events }),
      ...(description !== undefined && { description }),
    })
    if (json) context.output.json(made)
    else {
      context.output.note(`Webhook ${made.id}; the secret that verifies its signatures is shown this once:`)
      context.output.say(made.secret)
    }
    context.finish(exitCodes.done)
  })
}

const createExamples = `
Examples:
  $ tycho webhooks create https://portal.example.org/hooks/tycho
  $ tycho webhooks create https://portal.example.org/hooks/tycho --event system.failed --description "the portal"`

export function addList(webhooks: Command, context: Context): void {
  const command = webhooks
    .command('list')
    .description('list the endpoints, oldest first, without their secrets')
    .option('-t, --terse', 'one line for each: id, URL and whether it is enabled, with tabs between')
    .addHelpText('after', '\nExamples:\n  $ tycho webhooks list\n  $ tycho webhooks list --terse | cut -f1')
  withServerOptions(command).action(async (options: ListOptions) => {
    const { output } = context
    const found = await createClientFor(options, context.config).webhooks()
    if (options.json) output.json({ webhooks: found })
    else if (found.length === 0 && !options.terse) output.note('No webhooks')
    else {
      const lines = options.terse ? found.map(terseWebhook) : webhookTable(found, output.paint.result)
      for (const line of lines) output.say(line)
    }
    context.finish(exitCodes.done)
  })
}

export function addDelete(webhooks: Command, context: Context): void {
  const command = webhooks
    .command('delete')
    .description('delete an endpoint, with its deliveries')
    .argument('<webhook>', 'id of the endpoint')
    .addHelpText('after', `\nExamples:\n  $ tycho webhooks delete ${id}`)
  withServerOptions(command).action(async (webhook: string, options: ServerOptions) => {
    await createClientFor(options, context.config).deleteWebhook(webhook)
    if (options.json) context.output.json({ id: webhook, deleted: true })
    else context.output.say(`Webhook ${webhook} is deleted`)
    context.finish(exitCodes.done)
  })
}

export function addPing(webhooks: Command, context: Context): void {
  const command = webhooks
    .command('ping')
    .description('send a trial to an endpoint')
    .argument('<webhook>', 'id of the endpoint')
    .addHelpText(
      'after',
      `\nExamples:\n  $ tycho webhooks ping ${id}\n\nIts deliveries show what came of it.`,
    )
  withServerOptions(command).action(async (webhook: string, options: ServerOptions) => {
    const sent = await createClientFor(options, context.config).pingWebhook(webhook)
    if (options.json) context.output.json(sent)
    else {
      context.output.say(`${sent.event.type} is on its way as delivery ${sent.id}`)
      context.output.note(`What came of it: tycho webhooks deliveries ${webhook} --limit 1`)
    }
    context.finish(exitCodes.done)
  })
}
