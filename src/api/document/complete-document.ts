// What every operation of the OpenAPI document has, added to what the routes say themselves.
import type { Document, Operation } from './document.ts'
import { withHeaders } from './headers.ts'
import { webhooksOfDocument, withCallbacks } from './webhooks.ts'

export function completeDocument(document: Document): Document {
  const paths = Object.entries(document.paths).map(
    ([path, operations]) => [path, completeOperations(operations)] as const,
  )
  return { ...document, paths: Object.fromEntries(paths), webhooks: webhooksOfDocument() }
}

function completeOperations(operations: Record<string, Operation>): Record<string, Operation> {
  return Object.fromEntries(
    Object.entries(operations).map(([method, operation]) => [method, withCallbacks(withHeaders(operation))]),
  )
}
