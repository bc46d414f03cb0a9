// Streams of events, as their bytes come.
import { reconnectLine, toFrame } from '../../event-stream.ts'
import { batch, item } from './batch.ts'
import { eventExample } from './events.ts'
import { job, queuedJob, shownSystem } from './system.ts'

type Message = [event: string, id: string, data: object]

function streamOf(...messages: Message[]): string {
  const frames = messages.map(([event, id, data]) => toFrame({ id, event, data: JSON.stringify(data) }))
  return reconnectLine + frames.join('')
}

const started = eventExample('system.started')
const event = { id: 'evt_01m8gp42ffwz9y5b3k8q7n6d1c', ...started }

export const streams: Readonly<Record<string, string>> = {
  'GET /v1/jobs/{id}/events': streamOf(
    ['job', `${queuedJob.revision}`, queuedJob],
    ['job', `${job.revision}`, job],
    ['done', `${job.revision}`, job],
  ),
  'GET /v1/systems/{name}/events': streamOf(['system', `${job.revision}`, shownSystem]),
  'GET /v1/batches/{id}/events': streamOf(
    ['batch', `${batch.revision}`, batch],
    ['item', `${batch.revision + 1}`, item],
    ['batch', `${batch.revision + 1}`, batch],
  ),
  'GET /v1/events': streamOf(
    ['ready', `${queuedJob.revision}-0`, {}],
    [started.type, `${job.revision}-0`, event],
  ),
}
