// The OpenAPI document as the tests read it, and which of its operations a request meets.

export type Schema = Record<string, unknown>
export type Header = { schema: Schema; description?: string; required?: boolean }
export type Response = {
  description: string
  headers?: Record<string, Header>
  content?: Record<
    string,
    { schema?: Schema; examples?: Record<string, { value: unknown }>; example?: unknown }
  >
}
export type Parameter = {
  name: string
  in: 'path' | 'query' | 'header' | 'cookie'
  required?: boolean
  /** Or `content`: its value is written in that media type. */
  schema?: Schema
  content?: Record<string, { schema: Schema }>
}
export type Operation = {
  callbacks?: Record<string, Record<string, { post: Sent }>>
  summary?: string
  tags?: string[]
  security?: Record<string, string[]>[]
  parameters?: Parameter[]
  requestBody?: { required?: boolean; content: NonNullable<Response['content']> }
  responses: Record<string, Response>
}
/** What is sent to a receiver. */
export type Sent = { requestBody: { content: NonNullable<Response['content']> } }

export type Document = {
  webhooks: Record<string, { post: Sent }>
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

/** `path`: as the document writes it, with its parameters in braces. */
export type Met = { path: string; method: string; operation: Operation }

/** Paths that the document need not name: itself, and its page. */
export const isUndocumented = (path: string) => path === '/openapi.json' || path.startsWith('/apidocs')

/** Finds the operation of a request; `null` where the document has no such path, or the path no such method. */
export function createRouter(document: Document): (method: string, path: string) => Met | null {
  const rows = Object.entries(document.paths)
    .map(([path, operations]) => ({ path, operations, pattern: patternOf(path) }))
    // What is written out comes before what is a parameter.
    .toSorted((one, other) => parametersIn(one.path) - parametersIn(other.path))
  return (method, path) => {
    const known = method.toLowerCase()
    for (const { path: template, operations, pattern } of rows) {
      if (!pattern.test(path)) continue
      const operation = operations[known] ?? (known === 'head' ? operations.get : undefined)
      if (operation) return { path: template, method: known, operation }
    }
    return null
  }
}

function patternOf(path: string): RegExp {
  const parts = path.split(/\{[^}]+\}/).map((part) => part.replace(/[.*+?^$()[\]\\|]/g, '\\$&'))
  return new RegExp(`^${parts.join('[^/]*')}$`)
}

function parametersIn(path: string): number {
  return path.split('{').length - 1
}
