// Words that mean something in the fields and parameters that are called so: with them requests get further than the door.
import * as fc from 'fast-check'

type Any = fc.Arbitrary<unknown>

const web = 'services:\n  web:\n    image: demo/hello\n    ports: ["80"]\n'

const composeFiles = fc.constantFrom<unknown>(
  web,
  `${web}  db:\n    image: demo/db\n    depends_on: [web]\n`,
  `name: named\n${web}`,
  `${web}    environment: { A: "\${A:-b}", TOKEN: "\${TYCHO_TOKEN:-t}" }\n`,
  { services: { web: { image: 'demo/hello', ports: [80] } } },
  [{ services: { web: { image: 'demo/hello' } } }, 'services: { web: { restart: always } }'],
  'services: { web: { image: demo/hello, volumes: ["data:/d"] } }\nvolumes: { data: {} }\n',
  'services: { web: { image: demo/hello, privileged: true } }',
  'services: 1',
  '',
)

/** Few, so that they meet. */
const names = fc.constantFrom('a', 'b', 'hello', 'web-1')

const loopback = fc.constantFrom(
  'http://127.0.0.1:9/hook',
  'http://127.0.0.1:9/other',
  'http://169.254.169.254/latest/meta-data',
  'http://[::ffff:10.0.0.1]/',
  'file:///etc/passwd',
  'http://user:pass@127.0.0.1:9/',
)

/** Mostly none: a request that waits is given up after a while, and that while is all that it adds. */
const waits = fc.oneof(
  { weight: 30, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constantFrom(1, 61, 1_000_000_000) },
)

const images = fc.constantFrom('demo/hello', 'demo/hello:1', 'localhost:5001/demo/db', 'UPPER/case')

const words: Readonly<Record<string, Any>> = {
  compose: composeFiles,
  system: fc.constant({ services: { web: { image: 'demo/hello' } } }),
  name: names,
  url: loopback,
  callbackUrl: loopback,
  wait: waits,
  count: fc.integer({ min: 1, max: 20 }),
  image: images,
  ports: fc.constantFrom([80], ['8080:80'], [], ['80/udp', 443]),
  dryRun: fc.constantFrom('server', 'server', 'client'),
}

export function wordsFor(name: string): Any | undefined {
  return Object.hasOwn(words, name) ? words[name] : undefined
}

const headerWords: Readonly<Record<string, fc.Arbitrary<string>>> = {
  prefer: fc.constantFrom(
    'wait=0',
    'respond-async',
    'wait=-1',
    'wait=1e9',
    'wait',
    ';;,=',
    'wait=0, respond-async',
  ),
  'if-none-match': fc.constantFrom('*', 'W/"1"', '"1", W/"2"', 'W/"', ''),
  'idempotency-key': fc.constantFrom('a', 'b', '"a"', '""', '"', 'x'.repeat(256), 'é', 'a b'),
  'last-event-id': fc.constantFrom(
    '0',
    '1',
    '-1',
    '99999999999999999999',
    '0-0',
    '1700000000000-0',
    'x',
    '$',
  ),
  'x-request-id': fc.constantFrom('mine', 'a b', '', 'x'.repeat(200)),
}

export function headerWordsFor(name: string): fc.Arbitrary<string> {
  return headerWords[name.toLowerCase()] ?? fc.constantFrom('', '1', 'x')
}
