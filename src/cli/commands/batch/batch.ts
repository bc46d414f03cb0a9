// `tycho batch`: many systems of one template as one.
import type { Command } from 'commander'
import type { Context } from '../../context.ts'
import { addBatchPlan } from './plan.ts'

const examples = `
Examples:
  $ tycho batch plan -f samples/notebook-class.yml --count 300
  $ tycho batch plan -f notebook.yml --items students.csv --exposure ingress`

export function addBatch(program: Command, context: Context): void {
  const batch = program
    .command('batch')
    .description('plan what many systems of one template need')
    .helpCommand(false)
    .addHelpText('after', examples)
  addBatchPlan(batch, context)
}
