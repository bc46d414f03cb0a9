// The contract on a Docker engine.
import { keepsTheContract } from './contract.ts'
import { openDocker } from './places/docker.ts'

keepsTheContract({ name: 'Docker', open: () => openDocker('docker') })
