// What a Compose file compiles to, without running it.
import type { App } from '../app-types.ts'
import { compileRequest, toYamlFile } from '../compile-answer.ts'
import type { ApiContext } from '../context.ts'
import { waitSignals } from '../job-answer.ts'
import { tenantOf } from '../plugins/authentication.ts'
import { composeBody, composeOptions } from '../request-with-compose.ts'
import { refusals } from '../schemas/answers.ts'
import { type CompileAnswer, CompileQuery } from '../schemas/compile.ts'
import { ref } from '../schemas/components.ts'
import { keyHasNoEffect } from '../schemas/idempotency.ts'
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
    description: keyHasNoEffect('nothing is kept of the request'),
    querystring: CompileQuery,
    body: composeBody,
    response: { 200: answer, ...refusals(400, 413, 415, 422) },
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
