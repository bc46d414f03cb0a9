// `tycho batch`: many systems of one template as one.
import type { Command } from 'commander'
import type { Context } from '../../context.ts'
import { addBatchPlan } from './plan.ts'
import { addBatchPrepare } from './prepare.ts'

const examples = `
Examples:
  $ tycho batch plan -f samples/notebook-class.yml --count 300
  $ tycho batch plan -f notebook.yml --items students.csv --exposure ingress
  $ tycho batch prepare -f samples/notebook-class.yml --count 300`

export function addBatch(program: Command, context: Context): void {
  const batch = program
    .command('batch')
    .description('many systems of one template: what they need, and their images beforehand')
    .helpCommand(false)
    .addHelpText('after', examples)
  addBatchPlan(batch, context)
  addBatchPrepare(batch, context)
}
