// `tycho webhooks`: who is told of events.
import type { Command } from 'commander'
import type { Context } from '../../context.ts'
import { addDeliveries, addRedeliver } from './deliveries.ts'
import { addCreate, addDelete, addList, addPing } from './endpoints.ts'
import { addRotate, addSecret } from './secrets.ts'

const examples = `
Examples:
  $ tycho webhooks create https://portal.example.org/hooks/tycho --event system.started --event system.failed
  $ tycho webhooks list
  $ tycho webhooks ping 01m1x6wz4z8xk5vq6n3d8e2r7c
  $ tycho webhooks deliveries 01m1x6wz4z8xk5vq6n3d8e2r7c --status failed
  $ tycho webhooks secret

An endpoint is told of all events of its tenant that it asks for; the callback of a request, of that request alone. What is
sent is signed as Standard Webhooks 1.0 says.`

export function addWebhooks(program: Command, context: Context): void {
  const webhooks = program
    .command('webhooks')
    .description(
      'tell other programs of events: endpoints, what was sent to them, and the secrets that sign it',
    )
    .helpCommand(false)
    .addHelpText('after', examples)
  for (const add of [
    addCreate,
    addList,
    addDelete,
    addPing,
    addRotate,
    addDeliveries,
    addRedeliver,
    addSecret,
  ])
    add(webhooks, context)
}
