// `tycho webhooks deliveries` and `redeliver`: what was sent, and once more.
import { type Command, Option } from 'commander'
import type { Delivery } from '../../../client/shapes.ts'
import type { Context } from '../../context.ts'
import { exitCodes, UsageError } from '../../exit-codes.ts'
import { noteIfCut, readLimited, usualLimit } from '../../limited.ts'
import { createClientFor, once, parseLimit, type ServerOptions, withServerOptions } from '../../options.ts'
import { deliveryStatuses, deliveryTable, terseDelivery } from '../../webhook-view.ts'

type ListOptions = ServerOptions & {
  status?: Delivery['status']
  job?: string
  limit: number
  terse?: true
}

const id = '01m1x6wz4z8xk5vq6n3d8e2r7c'

const listExamples = `
Examples:
  $ tycho webhooks deliveries ${id}
  $ tycho webhooks deliveries ${id} --status failed --limit 500
  $ tycho webhooks deliveries --job ${id}

Without an endpoint they are those of the callbacks of requests. --terse prints a line for each: id, event, status and
how many times it was tried, with tabs between. --json has every attempt.`

export function addDeliveries(webhooks: Command, context: Context): void {
  const command = webhooks
    .command('deliveries')
    .description('list what was sent to an endpoint, or to the callbacks of requests, newest first')
    .argument('[webhook]', 'id of the endpoint')
    .addOption(new Option('--status <status>', 'only those that stand so').choices(deliveryStatuses))
    .option('--job <id>', 'only callbacks about this job', once)
    .option('--limit <number>', 'so many at most', parseLimit, usualLimit)
    .option('-t, --terse', 'one line for each, for scripts')
    .addHelpText('after', listExamples)
  withServerOptions(command).action(async (webhook: string | undefined, options: ListOptions) => {
    await list(webhook ?? null, options, context)
    context.finish(exitCodes.done)
  })
}

/** Throws UsageError. */
async function list(
  webhook: string | null,
  options: ListOptions,
  { config, output }: Context,
): Promise<void> {
  const { status, job, limit, json, terse } = options
  if (webhook !== null && job !== undefined)
    throw new UsageError('--job belongs to the callbacks of requests: leave out the endpoint')
  const client = createClientFor(options, config)
  const { shown, isCut } = await readLimited(limit, (most) =>
    client.deliveries(webhook, { status, job }, most),
  )
  if (json) output.json({ deliveries: shown })
  else if (shown.length === 0 && !terse) output.note('Nothing of the kind was sent')
  else {
    const table = () => deliveryTable(shown, Date.now(), output.paint.result)
    for (const line of terse ? shown.map(terseDelivery) : table()) output.say(line)
    noteIfCut(isCut, limit, output)
  }
}

const redeliverExamples = `
Examples:
  $ tycho webhooks redeliver ${id}-1 --webhook ${id}
  $ tycho webhooks redeliver ${id}-1

Without --webhook it is one of the callbacks of requests.`

export function addRedeliver(webhooks: Command, context: Context): void {
  const command = webhooks
    .command('redeliver')
    .description('send a delivery once more')
    .argument('<delivery>', 'its id, as "tycho webhooks deliveries" shows it')
    .option('--webhook <id>', 'the endpoint that it belongs to', once)
    .addHelpText('after', redeliverExamples)
  withServerOptions(command).action(
    async (delivery: string, options: ServerOptions & { webhook?: string }) => {
      const { webhook = null, json } = options
      const sent = await createClientFor(options, context.config).redeliver(webhook, delivery)
      if (json) context.output.json(sent)
      else context.output.say(`${sent.event.type} is on its way again as delivery ${sent.id}`)
      context.finish(exitCodes.done)
    },
  )
}
