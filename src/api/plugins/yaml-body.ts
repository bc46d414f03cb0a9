// Compose files as request bodies.
import type { FastifyInstance } from 'fastify'
import { apiError } from '../api-error.ts'

/** RFC 9512 registers the first and deprecates the others. */
const yamlTypes = ['application/yaml', 'application/x-yaml', 'text/yaml', 'text/x-yaml']

/** The routes of the scope take YAML: their body is then its text. */
export function addYamlBody(scope: FastifyInstance): void {
  scope.addContentTypeParser(
    yamlTypes,
    { parseAs: 'buffer' },
    async (_request: unknown, body: Buffer | string) => {
      if (typeof body === 'string') return body
      try {
        return new TextDecoder('utf-8', { fatal: true }).decode(body)
      } catch {
        throw apiError('MALFORMED_BODY', 'The Compose file is not UTF-8')
      }
    },
  )
}
