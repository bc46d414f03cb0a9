/** The keys and certificates of the test cluster, made afresh for each start by openssl. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from './command.ts'
import { files, NETWORK, NODE, PORTS } from './settings.ts'

type Certificate = { name: string; subject: string; names: string[] }

const LOCAL = ['IP:127.0.0.1', 'DNS:localhost']

/** The subjects are those that Kubernetes' built-in roles name. */
const CERTIFICATES: readonly Certificate[] = [
  {
    name: 'apiserver',
    subject: '/CN=kube-apiserver',
    names: [
      ...LOCAL,
      `IP:${NETWORK.apiService}`,
      `IP:${NODE.address}`,
      'DNS:kubernetes',
      'DNS:kubernetes.default',
      'DNS:kubernetes.default.svc',
      `DNS:kubernetes.default.svc.${NETWORK.domain}`,
    ],
  },
  { name: 'admin', subject: '/O=system:masters/CN=admin', names: ['DNS:admin'] },
  { name: 'controller-manager', subject: '/CN=system:kube-controller-manager', names: LOCAL },
  { name: 'scheduler', subject: '/CN=system:kube-scheduler', names: LOCAL },
  { name: 'proxy', subject: '/CN=system:kube-proxy', names: ['DNS:proxy'] },
  {
    name: 'node',
    subject: `/O=system:nodes/CN=system:node:${NODE.name}`,
    names: [...LOCAL, `IP:${NODE.address}`, `DNS:${NODE.name}`],
  },
]

const DAYS = ['-days', '3650']
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

/** Makes `pki/` in the run folder: a CA, one certificate per component, the key that signs service accounts. */
export async function makeCertificates(folder: string, apiPort: number = PORTS.api): Promise<void> {
  const { key, certificate } = files(folder)
  await mkdir(join(folder, 'pki'), { recursive: true })
  // The machine's own openssl.cnf adds extensions that contradict ours.
  const config = join(folder, 'pki', 'openssl.cnf')
  await writeFile(config, '[req]\ndistinguished_name=dn\n[dn]\n')
  const issue = (name: string, subject: string, rest: string[]) =>
    run('openssl', [
      ...['req', '-x509', '-config', config, ...NEW_KEY, ...DAYS, '-subj', subject],
      ...['-keyout', key(name), '-out', certificate(name), ...rest],
    ])
  await issue('ca', '/CN=tycho-test-ca', ['-addext', 'basicConstraints=critical,CA:TRUE'])
  for (const { name, subject, names } of CERTIFICATES) {
    await issue(name, subject, [
      ...['-CA', certificate('ca'), '-CAkey', key('ca')],
      ...['-addext', `subjectAltName=${names.join(',')}`],
      ...['-addext', 'extendedKeyUsage=serverAuth,clientAuth'],
    ])
  }
  await run('openssl', ['genrsa', '-out', key('service-accounts'), '2048'])
  await makeKubeconfigs(folder, apiPort)
}

async function makeKubeconfigs(folder: string, apiPort: number): Promise<void> {
  const { key, certificate, kubeconfig } = files(folder)
  for (const { name } of CERTIFICATES) {
    const data = async (path: string) => (await run('base64', ['-w0', path])).trim()
    const text = toKubeconfig({
      apiPort,
      ca: await data(certificate('ca')),
      certificate: await data(certificate(name)),
      key: await data(key(name)),
    })
    await writeFile(kubeconfig(name), text, { mode: 0o600 })
  }
}

/** Everything is inside the file, so that it can be copied and outlives nothing it points to. */
function toKubeconfig(data: { apiPort: number; ca: string; certificate: string; key: string }): string {
  return `apiVersion: v1
kind: Config
clusters:
  - name: tycho-test
    cluster: { server: "https://127.0.0.1:${data.apiPort}", certificate-authority-data: ${data.ca} }
users:
  - name: tycho-test
    user: { client-certificate-data: ${data.certificate}, client-key-data: ${data.key} }
contexts:
  - name: tycho-test
    context: { cluster: tycho-test, user: tycho-test, namespace: default }
current-context: tycho-test
`
}
