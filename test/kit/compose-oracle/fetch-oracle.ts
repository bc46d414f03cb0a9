// Fetches Docker's Compose as Debian packages it, for machines that have apt and not this package: one static program,
// unpacked into the user's cache, nothing installed. Run: npm run oracle -- fetch
import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { oracleFolder } from './find-oracle.ts'

/** The first release of Debian with a Compose of version 2. */
const SUITE = 'trixie'
const PROGRAM = 'usr/libexec/docker/cli-plugins/docker-compose'
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'

/** Leaves the program in `oracleFolder()`. Throws where there is no apt, or no mirror answers. */
export function fetchOracle(): void {
  const work = mkdtempSync(join(tmpdir(), 'tycho-compose-oracle-'))
  try {
    const apt = (command: string, ...args: string[]) =>
      run(command, [...privateApt(work), ...args], join(work, 'packages'))
    apt('apt-get', 'update')
    apt('apt-get', 'download', 'docker-compose')
    const packages = join(work, 'packages')
    const deb = readdirSync(packages).find((name) => name.endsWith('.deb'))
    if (!deb) throw new Error(`The mirror has no docker-compose for ${SUITE}`)
    run('dpkg-deb', ['-x', deb, 'root'], packages)
    mkdirSync(oracleFolder(), { recursive: true })
    copyFileSync(join(packages, 'root', PROGRAM), join(oracleFolder(), 'docker-compose'))
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** Options that give apt its own lists and caches, and `SUITE` of the machine's own mirror as the only source. */
function privateApt(work: string): string[] {
  for (const folder of ['lists/partial', 'cache/archives/partial', 'packages']) {
    mkdirSync(join(work, folder), { recursive: true })
  }
  const sources = join(work, 'oracle.sources')
  writeFileSync(sources, sourceOf(mirror()))
  return [
    `Dir::Etc::SourceList=${sources}`,
    'Dir::Etc::SourceParts=/dev/null',
    `Dir::State::Lists=${join(work, 'lists')}`,
    `Dir::Cache=${join(work, 'cache')}`,
    'Acquire::Languages=none',
    // The sandbox's user can't write into a private folder.
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option])
}

function sourceOf(uri: string): string {
  return `Types: deb\nURIs: ${uri}\nSuites: ${SUITE}\nComponents: main\nSigned-By: ${KEYRING}\n`
}

function mirror(): string {
  const folder = '/etc/apt/sources.list.d'
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
  for (const text of texts) {
    const uri = /^URIs:\s*(\S+\/debian)\/?\s*$/m.exec(text)?.[1]
    if (uri !== undefined) return uri
  }
  return 'http://deb.debian.org/debian'
}

function run(command: string, args: readonly string[], folder: string): void {
  execFileSync(command, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
}
