// What systems run on, for `npm start`: where there is neither a cluster nor a Docker engine, Debian's Docker is
// installed. `tycho dev` starts it, and stops it again.
import { existsSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { isDebianRoot } from './debian.mjs'
import { findProgram } from './run.mjs'

const thisMachine = {
  env: process.env,
  home: homedir(),
  mayInstall: isDebianRoot,
  hasDocker: () => existsSync('/var/run/docker.sock') || findProgram('dockerd') !== undefined,
}

/** Whether `npm start` has, or may find, something to run systems on without anything being installed. */
export function hasPlace(root, { env, home, mayInstall, hasDocker } = thisMachine) {
  const { TYCHO_ORCHESTRATOR: wanted } = env
  if (wanted === 'kubernetes' || env.DOCKER_HOST) return true
  if (!wanted && kubeconfigs(root, env, home).some(isFile)) return true
  return hasDocker() || !mayInstall()
}

/** With what the first system is made of: its image is built from this machine's own programs. */
export function dockerNeed() {
  const busybox = findProgram('busybox') ? [] : ['busybox-static']
  return {
    missing: 'no cluster and no Docker engine',
    packages: ['docker.io', ...busybox],
    services: ['docker'],
  }
}

/** Where src/orchestrators/kubernetes/cluster/kubeconfig.ts looks; in a pod there is always one. */
function kubeconfigs(root, env, home) {
  const { KUBECONFIG = '', KUBERNETES_SERVICE_HOST: pod, TYCHO_DATA_DIR: data = '.tycho' } = env
  if (pod) return [process.execPath]
  const named = KUBECONFIG.split(delimiter).filter((path) => path !== '')
  return [...named, join(home, '.kube', 'config'), resolve(root, data, 'kubeconfig')]
}

function isFile(path) {
  try {
    return statSync(path).size > 0
  } catch {
    return false
  }
}
