// The Compose files that are measured.

/** A page and its database, as most files are. */
export const TYPICAL = `name: shop
services:
  page:
    image: nginx:\${TAG:-1.27}
    ports: ["8080:80"]
    environment:
      DATABASE: postgres://app@db/app
      LOG: info
    depends_on:
      db: {condition: service_healthy}
    restart: unless-stopped
    deploy:
      resources:
        limits: {cpus: "0.5", memory: 256M}
  db:
    image: postgres:16
    environment: {POSTGRES_PASSWORD: "\${PASSWORD:-secret}"}
    volumes: ["rows:/var/lib/postgresql/data"]
    healthcheck:
      test: [CMD-SHELL, pg_isready]
      interval: 5s
volumes:
  rows:
`

/** `count` services, each of about 400 bytes. */
export function manyServices(count: number): string {
  const services = Array.from({ length: count }, (_, index) => serviceText(index))
  return `services:\n${services.join('')}`
}

function serviceText(index: number): string {
  return `  notebook-${index}:
    image: registry.example/class/notebook:${index % 7}.${index % 10}
    command: start.sh jupyter lab --port 8888
    environment:
      OWNER: student-${index}
      TOKEN: "\${TOKEN:-t${index}}"
      LEVEL: ${index}
    ports:
      - "${20000 + index}:8888"
    expose: ["9999"]
    depends_on: [${index === 0 ? '' : `notebook-${index - 1}`}]
    deploy:
      resources:
        limits: {cpus: "0.5", memory: 512M}
    healthcheck:
      test: [CMD, curl, -f, http://localhost:8888]
      interval: 30s
`
}

/** Ten aliases of ten aliases, and so on: small to write, and without end to walk. */
export function aliasBomb(levels: number): string {
  const lines = Array.from({ length: levels }, (_, level) => {
    const of = level === 0 ? Array(10).fill('lol') : Array(10).fill(`*a${level - 1}`)
    return `x-a${level}: &a${level} [${of.join(', ')}]`
  })
  return `${lines.join('\n')}\nservices: {a: {image: x}}\n`
}

/** Merge keys that bring the same entries again and again. */
export function mergeBomb(levels: number): string {
  const lines = Array.from({ length: levels }, (_, level) =>
    level === 0
      ? 'x-m0: &m0 {a: 1, b: 2}'
      : `x-m${level}: &m${level} {<<: [${Array(10)
          .fill(`*m${level - 1}`)
          .join(', ')}], k${level}: [*m${level - 1}, *m${level - 1}]}`,
  )
  return `${lines.join('\n')}\nservices: {a: {image: x}}\n`
}

export function deepList(levels: number): string {
  return `x-deep: ${'['.repeat(levels)}${']'.repeat(levels)}\nservices: {a: {image: x}}\n`
}

export function deepBlocks(levels: number): string {
  const lines = Array.from({ length: levels }, (_, level) => `${' '.repeat(level)}k:`)
  return `${lines.join('\n')}\n`
}
