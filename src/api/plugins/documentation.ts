// The OpenAPI document, made of the routes' schemas, and its page.
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { completeDocument } from '../document/complete-document.ts'
import type { Document } from '../document/document.ts'
import { errorCodes } from '../error-codes.ts'
import { components } from '../schemas/components.ts'

/** What the page needs and nothing else; it may be served without TLS. */
const contentSecurityPolicy = {
  'default-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'style-src': ["'self'", "'unsafe-inline'"],
  'object-src': ["'none'"],
  'base-uri': ["'self'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
}

/** Registered before the routes that it documents. */
export async function addDocumentation(app: FastifyInstance): Promise<void> {
  for (const [name, schema] of Object.entries(components)) app.addSchema({ ...schema, $id: name })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Tycho', version: '1', description: description() },
      servers: [{ url: '/', description: 'The server that gives out this document' }],
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description:
              'A token of `POST /v1/tokens`, of an account of the cluster, or of the OIDC issuer; each operation names the scope that it needs: `read`, `write` or `admin`',
          },
        },
      },
      tags: [
        { name: 'systems', description: 'Start, update, list and stop systems' },
        { name: 'jobs', description: 'The work on a system: poll it or wait for it' },
        { name: 'batches', description: 'Many systems of one template, submitted together' },
        { name: 'events', description: 'What happens, as it happens' },
        { name: 'webhooks', description: 'Who is told of events, and what came of it' },
        { name: 'tokens', description: 'Who may call (operator)' },
        { name: 'original', description: 'The endpoints of the original Tycho' },
        { name: 'operation', description: 'For the operator: what is away, and what is nobody’s' },
        { name: 'health', description: 'Probes' },
      ],
    },
    transformObject: (made) => ('openapiObject' in made ? completed(made.openapiObject) : made.swaggerObject),
    refResolver: {
      buildLocalReference: (schema, _base, _fragment, i) => String(schema.$id ?? `schema-${i}`),
    },
  })
  await app.register(swaggerUi, {
    routePrefix: '/apidocs',
    staticCSP: contentSecurityPolicy,
    uiConfig: { validatorUrl: 'none', docExpansion: 'list' },
  })
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
}

/** The library types its document as one that may be incomplete. */
function completed<Made>(made: Made): Made {
  return completeDocument(made as Document) as Made
}

function description(): string {
  const rows = Object.entries(errorCodes).map(
    ([code, { status, about }]) => `| ${code} | ${status} | ${about} |`,
  )
  return [
    'Compose files in, running systems out. A request that starts, changes or stops a system is answered 202 with a',
    'job; poll it at its `Location`, or wait for it.',
    '',
    'Codes of refused requests:',
    '',
    '| code | status | meaning |',
    '|---|---|---|',
    ...rows,
  ].join('\n')
}
