// A registered endpoint, its secret, and a delivery to it.
const id = 'whk_01m8gp3xs8k08ywsna3kv5ps6c'
const event = { id: 'evt_01m8gp9s5gh9q6hfv9nk8y2spy', type: 'batch.completed' }

export const webhook = {
  id,
  url: 'https://portal.example.org/tycho',
  events: ['batch.completed'],
  description: 'The portal of the courses',
  enabled: true,
  createdAt: '2026-11-28T08:59:58.120Z',
  updatedAt: '2026-11-28T08:59:58.120Z',
}

/** Of the documentation of Standard Webhooks; nobody's. */
export const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

export const delivery = {
  id: `${event.id}.${id}`,
  webhook: id,
  url: webhook.url,
  event,
  status: 'pending',
  attempts: [],
  nextAttemptAt: '2026-11-28T09:03:10.000Z',
  createdAt: '2026-11-28T09:03:10.000Z',
}
