// Puts examples where the OpenAPI document has a place for them: beside each schema of a body or an answer.
import type { Operation, Response } from './document.ts'
import { answerExample } from './examples/answers.ts'
import { requestExample } from './examples/requests.ts'

type Content = Record<string, Record<string, unknown>>

/** `name`: method and path, such as `POST /v1/systems`. */
export function withExamples(operation: Operation, name: string): Operation {
  const responses = Object.entries(operation.responses).map(([status, response]): [string, Response] => [
    status,
    withContent(response, (mediaType, schema) => answerExample(name, status, mediaType, schema)),
  ])
  const body = operation.requestBody as { content?: Content } | undefined
  return {
    ...operation,
    ...(body && { requestBody: withContent(body, (mediaType) => requestExample(name, mediaType)) }),
    responses: Object.fromEntries(responses),
  }
}

function withContent<Part extends { content?: Content }>(
  part: Part,
  exampleOf: (mediaType: string, schema: unknown) => unknown,
): Part {
  if (!part.content) return part
  const content = Object.entries(part.content).map(([mediaType, media]) => {
    const example = exampleOf(mediaType, media.schema)
    return [mediaType, example === undefined ? media : { ...media, example }] as const
  })
  return { ...part, content: Object.fromEntries(content) }
}
