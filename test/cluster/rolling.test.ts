// An update that starts the new pods first, seen from outside through the published port.
import { Agent, request } from 'undici'
import { expect, it } from 'vitest'
import { emptyDeploy } from '../../src/system/empty.ts'
import { isCurrent, type ServiceState } from '../../src/system/readiness.ts'
import type { ServiceSpec } from '../../src/system/spec.ts'
import { healthcheck, port, service } from '../compile/specs.ts'
import { openEngine } from '../kit/engine.ts'
import { waitForOk } from '../kit/http.ts'
import { waitFor } from '../kit/wait.ts'

/**
 * Answers after SIGTERM for most of its grace period of 10 s, in which its address is taken away; then it ends.
 * Shorter, a busy node loses requests: its proxy can take seconds to forget an address.
 */
const DRAINING = `mkdir -p /tmp/www
echo "$VERSION" > /tmp/www/index.html
trap 'sleep 8; exit 0' TERM
httpd -f -p 8080 -h /tmp/www &
wait`

function web(version: string): ServiceSpec {
  const update = { delayMs: null, failureAction: null, monitorMs: null, maxFailureRatio: null }
  return service({
    image: 'demo/shell',
    entrypoint: ['sh', '-c', DRAINING],
    environment: { VERSION: version },
    replicas: 2,
    ports: [port(8080)],
    healthcheck: healthcheck({
      test: { kind: 'exec', argv: ['wget', '-q', '-O', '/dev/null', 'http://127.0.0.1:8080/'] },
      intervalMs: 1_000,
      timeoutMs: 5_000,
    }),
    deploy: { ...emptyDeploy(), update: { ...update, parallelism: 1, order: 'start-first' } },
  })
}

/** The body, or why there is none. */
async function bodyOf(url: string, dispatcher: Agent): Promise<string> {
  const sentAt = Date.now()
  try {
    const { body } = await request(url, { dispatcher, signal: AbortSignal.timeout(3_000) })
    return (await body.text()).trim()
  } catch (error) {
    return `no answer in ${Date.now() - sentAt} ms: ${error}`
  }
}

it('a rolling update answers every request, from the old pods and then from the new ones', async () => {
  await using engine = await openEngine()
  const { endpoints } = await engine.apply({ demo: web('old') })
  const url = endpoints[0]?.url ?? ''
  await engine.until('demo', ({ readiness }) => readiness === 'ready')
  await waitForOk(url)
  const { versions } = await engine.apply({ demo: web('new') }, { mode: 'update', job: 'job2' })
  const isUpdated = (state: ServiceState | undefined) =>
    state?.readiness === 'ready' && isCurrent(state, versions.demo)
  const answers: string[] = []
  // Each on a connection of its own. No faster, because thousands of them would use up this machine's ports.
  await waitFor(
    'the update',
    async () => {
      const agent = new Agent()
      answers.push(await bodyOf(url, agent))
      await agent.close()
      return isUpdated(engine.told.at(-1)?.services.demo) && answers.at(-1) === 'new'
    },
    { timeoutMs: 60_000, intervalMs: 5 },
  )
  expect([...new Set(answers)].sort()).toEqual(['new', 'old'])
})
