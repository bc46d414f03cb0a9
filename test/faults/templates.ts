// The systems that the fault tests start.

/** A secret value that must show nowhere but in the cluster and in the stored spec. */
export const canary = 'c4nary-9f1c7d52e8b04a6f'

export type Template = keyof typeof templates

const web = { image: 'demo/hello', ports: ['8080'] }

export const templates = {
  plain: { compose: { services: { web } } },
  staged: {
    compose: {
      services: {
        web: { ...web, depends_on: { db: { condition: 'service_started' } } },
        db: { image: 'demo/redis' },
      },
    },
  },
  secret: {
    compose: {
      services: { web: { ...web, secrets: ['token'], environment: { TOKEN: '${TOKEN}' } } },
      secrets: { token: { environment: 'TOKEN' } },
    },
    env: { TOKEN: canary },
  },
} as const
