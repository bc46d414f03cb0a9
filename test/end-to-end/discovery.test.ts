// How services find each other, with real pods: two copies of one file in a namespace where a stranger has the name of
// one of their services, while that service is being replaced.
import { expect, it } from 'vitest'
import type { Api } from '../kit/cluster/api.ts'
import { createNamespace, openApi, testCluster } from '../kit/cluster/cluster.ts'
import { startTycho } from '../kit/tycho.ts'
import { waitFor } from '../kit/wait.ts'

const serving = (text: string) => `mkdir -p /tmp/www
echo "${text}" > /tmp/www/index.html
trap 'sleep 3; exit 0' TERM
httpd -f -p 8080 -h /tmp/www &
wait`

/** A line for each answer under the name, and under its full name in the namespace. The address of a pod that has ended is silent. */
const asking = (
  namespace: string,
) => `ask() { timeout 2 wget -q -O - "http://$1:8080/" 2>&1 || echo unanswered; }
while true; do
echo "redis:" $(ask redis)
echo "redis.namespace:" $(ask redis.${namespace}.svc.cluster.local)
sleep 0.1; done`

/** Neither service has ports: names need none. */
function composeOf(namespace: string, order: 'start-first' | 'stop-first') {
  const test = ['CMD', 'wget', '-q', '-O', '/dev/null', 'http://127.0.0.1:8080/']
  return {
    services: {
      redis: {
        image: 'demo/shell',
        restart: 'always',
        entrypoint: ['sh', '-c', serving('$${COPY} $${VERSION}')],
        environment: { COPY: '${COPY}', VERSION: '${VERSION}' },
        healthcheck: { test, interval: '1s' },
        deploy: { update_config: { order } },
      },
      web: {
        image: 'demo/shell',
        restart: 'always',
        command: ['sh', '-c', asking(namespace).replaceAll('$', '$$$$')],
        depends_on: { redis: { condition: 'service_healthy' } },
        stop_grace_period: '1s',
      },
    },
  }
}

async function startStranger(api: Api, namespace: string): Promise<void> {
  const base = `/api/v1/namespaces/${namespace}`
  const labels = { app: 'stranger' }
  const container = { name: 'redis', image: 'demo/shell', args: ['sh', '-c', serving('stranger')] }
  const imagePullPolicy = 'IfNotPresent'
  await api.send('POST', `${base}/pods`, {
    metadata: { name: 'stranger', labels },
    spec: { containers: [{ ...container, imagePullPolicy }] },
  })
  await api.send('POST', `${base}/services`, {
    metadata: { name: 'redis' },
    spec: { selector: labels, ports: [{ port: 8080 }] },
  })
}

type Pods = { items: { metadata: { name: string } }[] }

/** What the service `web` of a system was answered so far, by the name that it asked for. */
async function answersTo(api: Api, namespace: string, system: string): Promise<Record<string, string[]>> {
  const pods = `/api/v1/namespaces/${namespace}/pods`
  const selector = encodeURIComponent(`tycho.io/system=${system},tycho.io/service=web`)
  const { items } = await api.send<Pods>('GET', `${pods}?labelSelector=${selector}`)
  const log = items[0] ? await api.text(`${pods}/${items[0].metadata.name}/log`) : ''
  const answers: Record<string, string[]> = { redis: [], 'redis.namespace': [] }
  // The last line may be one of which only a part is written.
  for (const line of log.split('\n').slice(0, -1)) {
    const [, name = '', answer = ''] = /^(redis[.a-z]*): (.*)$/.exec(line) ?? []
    answers[name]?.push(answer)
  }
  return answers
}

it('a name is that of the own system, before, while and after its service is replaced', {
  timeout: 300_000,
}, async () => {
  await using namespace = await createNamespace('discovery')
  await using api = openApi()
  const { kubeconfig } = testCluster()
  await using tycho = await startTycho({ kubeconfig, namespace: namespace.name })
  await startStranger(api, namespace.name)
  const answers = (system: string) => answersTo(api, namespace.name, system)
  const heard = (system: string, name: string, answer: string) =>
    waitFor(
      `${system} to hear ${answer}`,
      async () => {
        const heardLast = (await answers(system))[name]?.slice(-3) ?? []
        if (heardLast.at(-1) !== answer) throw new Error(`last heard: ${heardLast.join(', ')}`)
        return true
      },
      { timeoutMs: 110_000 },
    )
  const bodyOf = (system: string, version: string, order: 'start-first' | 'stop-first' = 'start-first') => ({
    compose: composeOf(namespace.name, order),
    env: { COPY: system, VERSION: version },
  })
  const update = async (body: object) => {
    const { body: job } = await tycho.send<{ id: string }>('PUT', '/v1/systems/one', body)
    expect(await tycho.done(job)).toMatchObject({ status: 'succeeded' })
  }

  for (const system of ['one', 'two'])
    expect(await tycho.done(await tycho.start({ name: system, ...bodyOf(system, 'old') }))).toMatchObject({
      status: 'succeeded',
    })
  await heard('one', 'redis', 'one old')
  await heard('two', 'redis', 'two old')
  await heard('one', 'redis.namespace', 'stranger')

  await update(bodyOf('one', 'new'))
  await heard('one', 'redis', 'one new')
  const whileBoth = (await answers('one')).redis ?? []
  expect(whileBoth.filter((answer) => answer.includes('bad address'))).toEqual([])

  // The old pod goes first, so for a while nobody has the name.
  await update(bodyOf('one', 'newest', 'stop-first'))
  await heard('one', 'redis', 'one newest')
  const isOwn = (answer: string) => /^one (old|new|newest)$/.test(answer)
  const others = ((await answers('one')).redis ?? []).filter((answer) => !isOwn(answer))
  expect(others.filter((answer) => !answer.endsWith('unanswered'))).toEqual([])
  expect([...new Set((await answers('two')).redis)]).toEqual(['two old'])
})
