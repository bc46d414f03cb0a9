// What every operation of the OpenAPI document has, added to what the routes say themselves.
import type { Document, Operation } from './document.ts'
import { withHeaders } from './headers.ts'
import { webhooksOfDocument, withCallbacks } from './webhooks.ts'
import { withExamples } from './with-examples.ts'

export function completeDocument(document: Document): Document {
  const paths = Object.entries(document.paths).map(
    ([path, operations]) => [path, completeOperations(path, operations)] as const,
  )
  return { ...document, paths: Object.fromEntries(paths), webhooks: webhooksOfDocument() }
}

function completeOperations(path: string, operations: Record<string, Operation>): Record<string, Operation> {
  return Object.fromEntries(
    Object.entries(operations).map(([method, operation]) => {
      const name = `${method.toUpperCase()} ${path}`
      return [method, withExamples(withCallbacks(withHeaders(operation), name), name)]
    }),
  )
}
