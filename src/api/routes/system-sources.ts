// A system's Compose files as they were sent, and the objects that were made of them.
import { printDocuments } from '../../orchestrators/print.ts'
import type { App } from '../app-types.ts'
import type { ApiContext } from '../context.ts'
import { tenantOf } from '../plugins/authentication.ts'
import { ref } from '../schemas/components.ts'
import { refusals } from '../schemas/refusals.ts'
import { SystemParams } from '../schemas/system-request.ts'
import type { AppliedManifests, SentCompose } from '../schemas/system-sources.ts'
import { readApplied, readSource } from '../system-sources.ts'
import { wantsYaml } from '../wants-yaml.ts'

const tags = ['systems']

export async function systemSourceRoutes(scope: App, context: ApiContext): Promise<void> {
  addComposeRoute(scope, context)
  addManifestsRoute(scope, context)
}

function addComposeRoute(scope: App, context: ApiContext): void {
  const schema = {
    tags,
    summary: 'Show the files that a system was started from, as they were sent; secret values are masked',
    params: SystemParams,
    response: {
      200: ref<SentCompose>('SentCompose', 'The files'),
      ...refusals('SYSTEM_NOT_FOUND', 'COMPOSE_NOT_KEPT'),
    },
  }
  scope.get('/systems/:name/compose', { schema }, async (request, reply): Promise<SentCompose> => {
    reply.header('cache-control', 'no-store')
    return readSource(context, tenantOf(request), request.params.name)
  })
}

const manifestsAnswer = {
  description: 'The manifests; a multi-document file for `Accept: application/yaml`',
  content: {
    'application/json': { schema: ref<AppliedManifests>('AppliedManifests', 'The manifests') },
    'application/yaml': { schema: { type: 'string', description: 'The same as YAML documents' } },
  },
}

function addManifestsRoute(scope: App, context: ApiContext): void {
  const schema = {
    tags,
    summary: 'Show what was applied of a system; secret values are masked',
    params: SystemParams,
    response: { 200: manifestsAnswer, ...refusals('SYSTEM_NOT_FOUND', 'NOTHING_APPLIED') },
  }
  scope.get('/systems/:name/manifests', { schema }, async (request, reply) => {
    const stages = await readApplied(context, tenantOf(request), request.params.name)
    reply.header('cache-control', 'no-store').header('vary', 'Accept')
    if (wantsYaml(request)) return reply.type('application/yaml').send(printDocuments(stages))
    return { manifests: stages.flatMap((stage) => stage.manifests.map(({ body }) => body)) }
  })
}
