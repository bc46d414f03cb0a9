// How the server closes although clients wait.
import type { FastifyInstance } from 'fastify'

/**
 * Aborts `closing` before the server stops to listen, so that whoever waits is answered at once. Their connections end
 * with the answer: kept alive, they would keep the server from closing.
 */
export function addClosing(app: FastifyInstance, closing: AbortController): void {
  app.addHook('preClose', async () => closing.abort())
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (closing.signal.aborted) reply.header('connection', 'close')
    done(null, payload)
  })
}
