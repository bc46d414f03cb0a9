// Every metric that Tycho itself has, with its meaning; docs/operations.md lists them. No label holds the name of a
// tenant, a system or a caller: those are unbounded, and nobody else's to read.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

export type Instruments = ReturnType<typeof createInstruments>

/** Seconds: an answer at once, to the long poll's minute. */
const answerBuckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60]

/** Seconds: a step that takes no time, to a job that waits for an hour. */
const workBuckets = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600, 3600]

export function createInstruments(registry: Registry) {
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers: [registry] })
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name, help, labelNames, registers: [registry] })
  const seconds = <Label extends string>(
    name: string,
    help: string,
    buckets: number[],
    ...labelNames: Label[]
  ) => new Histogram({ name, help, buckets, labelNames, registers: [registry] })

  return {
    http: {
      requests: counter(
        'tycho_http_requests_total',
        'Answered requests, by route (as in the OpenAPI document; `none` where there is no such route)',
        'method',
        'route',
        'status',
      ),
      duration: seconds(
        'tycho_http_request_duration_seconds',
        'Time until the answer had been sent; `held`: it was asked to wait, or was a stream',
        answerBuckets,
        'method',
        'route',
        'held',
      ),
      streams: gauge('tycho_event_streams_open', 'Event streams and followed logs that clients have open'),
    },
    jobs: {
      accepted: counter('tycho_jobs_accepted_total', 'Jobs that were accepted', 'kind'),
      ended: counter(
        'tycho_jobs_ended_total',
        'Jobs that ended; `code` is the error of those that did not succeed, else empty',
        'kind',
        'status',
        'code',
      ),
      duration: seconds(
        'tycho_job_duration_seconds',
        'Time from the accept of a job to its end',
        workBuckets,
        'kind',
        'status',
      ),
      step: seconds(
        'tycho_job_step_duration_seconds',
        'Time that an ended job has spent in each step: queued, compile, apply, wait',
        workBuckets,
        'kind',
        'step',
      ),
      pending: gauge(
        'tycho_jobs_pending',
        'Jobs that are not done: `task` is for a worker to do, `waiting` waits for the cluster',
        'state',
      ),
    },
    tasks: {
      duration: seconds(
        'tycho_task_duration_seconds',
        'Runs of tasks by this process; `later` and `handedBack` cost no attempt, `failed` is tried again or given up',
        workBuckets,
        'task',
        'outcome',
      ),
      inQueue: gauge('tycho_queue_tasks', 'Tasks in a queue: waiting, active, delayed', 'queue', 'state'),
      oldest: gauge(
        'tycho_queue_oldest_waiting_seconds',
        'How long the oldest task has been ready to be done; 0 where none waits',
        'queue',
      ),
    },
    cluster: {
      requests: counter(
        'tycho_cluster_requests_total',
        'Requests to the API server; `status` is `none` where no answer came',
        'verb',
        'resource',
        'status',
      ),
      duration: seconds(
        'tycho_cluster_request_duration_seconds',
        'Time until the head of the API server’s answer',
        answerBuckets,
        'verb',
      ),
      watchRestarts: counter(
        'tycho_watch_restarts_total',
        'Watches that were opened anew: `ended` by the server, `expired`, `silent`, or after an `error`',
        'resource',
        'reason',
      ),
      up: gauge('tycho_cluster_up', 'Whether the workers reach the API server (1 or 0)'),
    },
    webhooks: {
      deliveries: counter(
        'tycho_webhook_deliveries_total',
        'Attempts to deliver an event: `delivered`, `refused` (no 2xx), `redirected`, `timed_out`, `no_connection`, or why the address is not called',
        'outcome',
      ),
      outbox: gauge('tycho_webhook_outbox_events', 'Events that have still to be given to the webhooks'),
    },
    preparations: {
      duration: seconds(
        'tycho_preparation_duration_seconds',
        'Time from the accept of a preparation (images that are pulled beforehand) to its end',
        workBuckets,
        'status',
      ),
    },
    systems: gauge('tycho_systems', 'Systems that are not stopped'),
    batches: gauge('tycho_batches_open', 'Batches of which something is still to be done'),
    workers: gauge('tycho_workers', 'Workers that are alive'),
    loops: gauge('tycho_loop_held', 'Whether this process runs the loop (1), or stands by (0)', 'loop'),
    redisUp: gauge('tycho_redis_up', 'Whether Redis answered when this was read (1 or 0)'),
  }
}
