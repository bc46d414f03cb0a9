// What a Compose file compiles to, without running it.
import type { App } from '../app-types.ts'
import { compileRequest, toYamlFile } from '../compile-answer.ts'
import type { ApiContext } from '../context.ts'
import { waitSignals } from '../job-answer.ts'
import { tenantOf } from '../plugins/authentication.ts'
import { composeBody, composeOptions } from '../request-with-compose.ts'
import { type CompileAnswer, CompileQuery } from '../schemas/compile.ts'
import { ref } from '../schemas/components.ts'
import { keyHasNoEffect } from '../schemas/idempotency.ts'
import { ofCluster, refusals } from '../schemas/refusals.ts'
import { toSubmission } from '../system-body.ts'
import { wantsYaml } from '../wants-yaml.ts'

const answer = {
  description: 'The manifests; a multi-document file for `Accept: application/yaml`',
  content: {
    'application/json': { schema: ref<CompileAnswer>('CompileAnswer', 'The manifests and the problems') },
    'application/yaml': { schema: { type: 'string', description: 'What `kubectl apply -f` takes' } },
  },
}

export async function compileRoutes(scope: App, context: ApiContext): Promise<void> {
  const schema = {
    tags: ['systems'],
    summary: 'Compile a Compose file without running it',
    description: `The request is that of a start, so that the same can be tried first; what says how it is run, such as \`ttlSeconds\` and \`callbackUrl\`, is checked and has no effect. ${keyHasNoEffect('nothing is kept of it')}`,
    querystring: CompileQuery,
    body: composeBody,
    response: { 200: answer, ...refusals('INVALID_SYSTEM', ...ofCluster) },
  }
  const options = composeOptions(context)
  // It writes nothing: only what is sent is too much for a GET.
  const config = { ...options.config, scope: 'read' as const }
  scope.post('/compile', { ...options, config, schema }, async (request, reply) => {
    const { dryRun, ...query } = request.query
    const submission = toSubmission(context, request, tenantOf(request), query, null)
    const asking = dryRun ? AbortSignal.any(waitSignals(context, reply)) : null
    const outcome = await compileRequest(context, submission, asking)
    reply.header('cache-control', 'no-store').header('vary', 'Accept')
    if (wantsYaml(request)) return reply.type('application/yaml').send(toYamlFile(outcome))
    const manifests = outcome.stages.flatMap((stage) => stage.manifests.map(({ body }) => body))
    return { manifests, problems: outcome.problems }
  })
}
