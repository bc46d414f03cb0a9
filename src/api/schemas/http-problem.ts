// How a refusal looks: RFC 9457, with a stable code and every Problem of the input.
import { type Static, Type } from 'typebox'
import { Problem } from '../../problem.ts'
import { Shortage } from './shortage.ts'

export const HttpProblem = Type.Object(
  {
    type: Type.String({ description: 'A URN made of the code' }),
    title: Type.String({ description: 'What the code means' }),
    status: Type.Integer(),
    detail: Type.String({ description: 'What is wrong with this request' }),
    instance: Type.String({ description: 'Path of the request' }),
    code: Type.String({ description: 'Stable, UPPER_SNAKE' }),
    requestId: Type.String({ description: 'As in `X-Request-Id`, and in the log of the server' }),
    problems: Type.Array(Problem),
    shortages: Type.Optional(
      Type.Array(Shortage, { description: 'Of `BATCH_DOES_NOT_FIT`: what there is too little of' }),
    ),
  },
  { description: 'A refusal (RFC 9457)' },
)
export type HttpProblem = Static<typeof HttpProblem>
