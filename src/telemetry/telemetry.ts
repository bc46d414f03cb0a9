// What a process tells of itself: counted for whoever asks, and traced where a collector is configured.
import { readVersion } from '../version.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { createPassingTracing, type Tracing } from './tracing.ts'

export type Telemetry = AsyncDisposable & { metrics: Metrics; tracing: Tracing }

/**
 * `otlpEndpoint`: base URL of an OpenTelemetry collector; null: nothing is traced, and no part of the SDK is loaded.
 * `metricsToken`: who asks for the metrics has to show it; null: everybody may.
 */
export type TelemetrySettings = { otlpEndpoint: string | null; metricsToken: string | null }

/** `service` is the process, as the collector is to show it. Disposing sends what is still to be sent. */
export async function openTelemetry(settings: TelemetrySettings, service: string): Promise<Telemetry> {
  const tracing = await openTracing(settings, service)
  return {
    metrics: createMetrics({ process: true, token: settings.metricsToken }),
    tracing,
    [Symbol.asyncDispose]: () => tracing[Symbol.asyncDispose](),
  }
}

async function openTracing({ otlpEndpoint }: TelemetrySettings, service: string): Promise<Tracing> {
  if (otlpEndpoint === null) return createPassingTracing()
  const { openOtlpTracing } = await import('./otlp-tracing.ts')
  return openOtlpTracing(otlpEndpoint, { service, version: await readVersion() })
}
