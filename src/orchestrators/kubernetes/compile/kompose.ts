// Kompose's labels that are read, for those who come from it (https://kompose.io/user-guide/#labels).

export const KOMPOSE = {
  type: 'kompose.service.type',
  nodePort: 'kompose.service.nodeport.port',
  trafficPolicy: 'kompose.service.external-traffic-policy',
  expose: 'kompose.service.expose',
  tlsSecret: 'kompose.service.expose.tls-secret',
  ingressClass: 'kompose.service.expose.ingress-class-name',
  group: 'kompose.service.group',
  controller: 'kompose.controller.type',
  pullSecret: 'kompose.image-pull-secret',
  account: 'kompose.serviceaccount-name',
} as const

const READ: ReadonlySet<string> = new Set(Object.values(KOMPOSE))

export function isReadOfKompose(label: string): boolean {
  return READ.has(label)
}
