// What the operator is told, and the tokens that are given out.
const stray = {
  tenant: 'physics',
  namespace: 'physics',
  system: 'old',
  sid: '6e17bd6544444f1cc74a8ab4ba09e5a5',
  objects: [
    {
      subject: 'Deployment/old-web',
      uid: '6f1c2f0e-9d52-4c0b-8a55-1f6f5d1f3c11',
      createdAt: '2026-11-20T10:00:00.000Z',
    },
  ],
}

export const strays = [stray]

export const doctor = {
  version: '0.1.0',
  node: '24.21.0',
  healthy: false,
  parts: [
    { name: 'redis', ok: true, version: '7.0.15' },
    { name: 'workers', ok: true, reason: '2 alive' },
    { name: 'cluster', ok: true, version: '1.34' },
  ],
  strays,
}

export const token = {
  id: '01m8gp3xs8f7x6cv0e0rtc145x',
  tenant: 'physics',
  scopes: ['write'],
  description: 'the portal',
  createdAt: '2026-11-28T08:59:58.120Z',
}

export const metrics = ['# TYPE tycho_workers gauge', 'tycho_workers 2', ''].join('\n')
