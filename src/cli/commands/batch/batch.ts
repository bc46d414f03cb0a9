// `tycho batch`: many systems of one template as one.
import type { Command } from 'commander'
import type { Context } from '../../context.ts'
import { addBatchCreate } from './create.ts'
import { addBatchEnds } from './end.ts'
import { addBatchItems } from './items.ts'
import { addBatchList } from './list.ts'
import { addBatchPlan } from './plan.ts'
import { addBatchPrepare } from './prepare.ts'
import { addBatchStatus } from './status.ts'

const examples = `
Examples:
  $ tycho batch plan -f samples/notebook-class.yml --count 300
  $ tycho batch prepare -f samples/notebook-class.yml --count 300
  $ tycho batch create -f samples/notebook-class.yml --items students.csv
  $ tycho batch items 01m1x6wz4z8xk5vq6n3d8e2r7c --csv > class.csv
  $ tycho batch down 01m1x6wz4z8xk5vq6n3d8e2r7c`

export function addBatch(program: Command, context: Context): void {
  const batch = program
    .command('batch')
    .description('many systems of one template as one: a class, a course, a workshop')
    .helpCommand(false)
    .addHelpText('after', examples)
  for (const add of [
    addBatchPlan,
    addBatchPrepare,
    addBatchCreate,
    addBatchList,
    addBatchStatus,
    addBatchItems,
    addBatchEnds,
  ])
    add(batch, context)
}
