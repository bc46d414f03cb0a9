// What may be sent, by operation and media type; a test sends each of them.
import { composeText } from './system.ts'

const template = [
  'services:',
  '  notebook:',
  '    image: demo/notebook',
  '    ports: ["8888"]',
  '    environment:',
  '      STUDENT: ${STUDENT}',
  '      JUPYTER_TOKEN: ${TYCHO_TOKEN}',
  '',
].join('\n')

const system = { name: 'hello', compose: composeText, env: { GREETING: 'Hello' }, ttlSeconds: 86_400 }

const batch = {
  name: 'course',
  compose: template,
  items: [
    { name: 'ada', env: { STUDENT: 'Ada' }, clientId: 's-1' },
    { name: 'bob', env: { STUDENT: 'Bob' } },
  ],
  concurrency: 50,
  callbackUrl: 'https://portal.example.org/tycho',
}

const jsonRequests: Readonly<Record<string, unknown>> = {
  'POST /v1/systems': system,
  'PUT /v1/systems/{name}': system,
  'PATCH /v1/systems/{name}': { services: { web: { replicas: 2 } } },
  'POST /v1/compile': system,
  'POST /v1/batches': batch,
  'POST /v1/batches/plan': batch,
  'POST /v1/batches/prepare': batch,
  'POST /v1/doctor/remove': { objects: ['6f1c2f0e-9d52-4c0b-8a55-1f6f5d1f3c11'] },
  'POST /v1/tokens': { tenant: 'physics', scopes: ['write'], description: 'the portal' },
  'POST /v1/webhooks': { url: 'https://portal.example.org/tycho', events: ['batch.completed'] },
  'PATCH /v1/webhooks/{id}': { enabled: false },
  'POST /system/start': {
    name: 'notebook',
    system: { services: { web: { image: 'demo/hello', ports: ['80'] } } },
    principal: '{"username": "ada"}',
  },
  'POST /system/status': { username: 'ada' },
  'POST /system/delete': { name: 'notebook' },
}

export function requestExample(operation: string, mediaType: string): unknown {
  return mediaType === 'application/yaml' ? composeText : jsonRequests[operation]
}
