// The stand-in kubelet as a process of its own, so that its processor time is told apart from that of who uses it. Its
// parent sends what it is to do, asks for its counts, and ends it by closing the channel.
import { once } from 'node:events'
import { type Behaviour, planOf } from './behaviour.ts'
import type { Served } from './keeper.ts'
import { type KubeletOptions, startKubelet } from './kubelet.ts'

export type ProcessOptions = { kubeconfig: string; behaviour: Behaviour } & Omit<KubeletOptions, 'plan'>

/** `cpuMs`: processor time of the process so far. */
export type Counts = Served & { cpuMs: number }

const [{ kubeconfig, behaviour, ...options }] = (await once(process, 'message')) as [ProcessOptions]
const kubelet = await startKubelet(kubeconfig, { ...options, plan: planOf(behaviour) })

const counts = (): Counts => {
  const { user, system } = process.cpuUsage()
  return { ...kubelet.served, cpuMs: (user + system) / 1000 }
}
process.on('message', () => process.send?.(counts()))
process.on('disconnect', () => void kubelet[Symbol.asyncDispose]())
process.send?.(counts())
