// What a Compose file compiles to, as the API shows it.
import { type Static, Type } from 'typebox'
import { Problem } from '../../problem.ts'
import { SystemRequestQuery } from './system-request.ts'

/** The answer comes at once: there is no job to wait for. */
const { wait: _wait, ...asked } = SystemRequestQuery.properties

export const CompileQuery = Type.Object(
  {
    ...asked,
    dryRun: Type.Optional(
      Type.Literal('server', {
        description: 'Ask the cluster too: its refusals are among the problems, and nothing is written',
      }),
    ),
  },
  { additionalProperties: false },
)
export type CompileQuery = Static<typeof CompileQuery>

export const CompileAnswer = Type.Object({
  manifests: Type.Array(Type.Record(Type.String(), Type.Unknown()), {
    description: 'The objects, in the order of their making',
  }),
  problems: Type.Array(Problem, {
    description: 'Remarks of the compiler; errors only where the cluster refuses',
  }),
})
export type CompileAnswer = Static<typeof CompileAnswer>
