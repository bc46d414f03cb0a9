// Keys that Docker's Compose writes into JSON even where they are empty; in YAML it leaves them out.
import type { Plain } from './to-model.ts'

export function fillEmpty(model: Plain): Plain {
  return {
    ...model,
    services: each(model.services, fillService),
    ...(model.networks !== undefined && {
      networks: each(model.networks, (network) => ({ ipam: {}, ...network })),
    }),
  }
}

function fillService(service: Plain): Plain {
  const { deploy } = service
  return {
    command: null,
    entrypoint: null,
    ...service,
    ...(isMap(deploy) && { deploy: { resources: {}, placement: {}, ...deploy } }),
  }
}

function each(map: unknown, change: (value: Plain) => Plain): Plain {
  const entries = isMap(map) ? Object.entries(map) : []
  return Object.fromEntries(entries.map(([key, value]) => [key, isMap(value) ? change(value) : value]))
}

function isMap(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
