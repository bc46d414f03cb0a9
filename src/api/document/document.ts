// The parts of an OpenAPI document that are worked on here.

export type Header = { schema: Record<string, unknown>; description?: string; required?: boolean }

export type Response = {
  description: string
  headers?: Record<string, Header>
  content?: Record<string, Record<string, unknown>>
}

export type Parameter = {
  name: string
  in: string
  required?: boolean
  description?: string
  schema?: Record<string, unknown>
}

export type Operation = {
  tags?: string[]
  parameters?: Parameter[]
  requestBody?: unknown
  callbacks?: Record<string, unknown>
  security?: Record<string, string[]>[]
  responses: Record<string, Response>
}

export type Document = { paths: Record<string, Record<string, Operation>>; [key: string]: unknown }
