// Which form of an answer a client asks for (RFC 9110, 12.5.1).
import type { FastifyRequest } from 'fastify'

/** JSON unless YAML is named and JSON is not. */
export function wantsYaml({ headers }: FastifyRequest): boolean {
  const accept = headers.accept ?? ''
  return /\b(?:application|text)\/(?:x-)?yaml\b/.test(accept) && !/\bapplication\/json\b/.test(accept)
}
