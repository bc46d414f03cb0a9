// `tycho batch items`: the systems of a batch, and the list to hand out.
import { type Command, Option } from 'commander'
import type { Client } from '../../../client/client.ts'
import type { Batch } from '../../../client/shapes.ts'
import { itemTable, terseItem } from '../../batch/item-view.ts'
import type { Context } from '../../context.ts'
import { exitCodes, UsageError } from '../../exit-codes.ts'
import { createClientFor, once, type ServerOptions, withServerOptions } from '../../options.ts'
import { statuses } from '../../status-styles.ts'

type ItemsOptions = ServerOptions & {
  csv?: true
  terse?: true
  status?: Batch['status']
  clientId?: string
}

const examples = `
Examples:
  $ tycho batch items 01m1x6wz4z8xk5vq6n3d8e2r7c
  $ tycho batch items 01m1x6wz4z8xk5vq6n3d8e2r7c --csv > class.csv
  $ tycho batch items 01m1x6wz4z8xk5vq6n3d8e2r7c --status failed
  $ tycho batch items 01m1x6wz4z8xk5vq6n3d8e2r7c --client-id s-1 --json

--csv is the list to hand out, with the columns name, url, port, status, clientId and error. Where the template uses
TYCHO_TOKEN, the token of each system is in its URL: give each line to its reader alone.`

export function addBatchItems(batch: Command, context: Context): void {
  const command = batch
    .command('items')
    .description('list the systems of a batch in the order of the request, or as the list to hand out')
    .argument('<batch>', 'id of the batch')
    .option('--csv', 'as CSV, for a spreadsheet')
    .addOption(new Option('--status <status>', 'only those whose start is so').choices(statuses))
    .option('--client-id <id>', 'only the one of this client id', once)
    .option('-t, --terse', 'one line for each: name, status, URL and client id, with tabs between')
    .addHelpText('after', examples)
  withServerOptions(command).action(async (id: string, options: ItemsOptions) => {
    const client = createClientFor(options, context.config)
    if (options.csv) await writeTable(client, id, options, context)
    else await list(client, id, options, context)
    context.finish(exitCodes.done)
  })
}

/** Throws UsageError. */
async function writeTable(
  client: Client,
  id: string,
  { json, terse, clientId, status }: ItemsOptions,
  { output }: Context,
): Promise<void> {
  if (json || terse || clientId !== undefined)
    throw new UsageError('--csv is the whole list: --json, --terse and --client-id do not go with it')
  for await (const part of client.batchTable(id, { ...(status && { status }) })) await output.write(part)
}

async function list(
  client: Client,
  id: string,
  { json, terse, status, clientId }: ItemsOptions,
  { output }: Context,
): Promise<void> {
  const filter = { ...(status && { status }), ...(clientId !== undefined && { clientId }) }
  const items = await client.batchItems(id, filter)
  if (json) output.json({ items })
  else if (items.length === 0 && !terse) output.note('There are none of these in the batch')
  else
    for (const line of terse ? items.map(terseItem) : itemTable(items, output.paint.result)) output.say(line)
}
