// Every key of the specification meets what the table of swarms says of it, and none is dropped in silence.
import { compile } from '../../../src/orchestrators/docker/swarm/compile/compile.ts'
import {
  dispositionOf,
  dispositions,
  rowOf,
} from '../../../src/orchestrators/docker/swarm/compile/dispositions.ts'
import { describeTable } from '../docker/table.ts'

describeTable({
  rows: dispositions,
  rowOf,
  dispositionOf,
  compile,
})
