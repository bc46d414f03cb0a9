// The contract on a Kubernetes cluster.
import { keepsTheContract } from './contract.ts'
import { openCluster } from './places/kubernetes.ts'

keepsTheContract({ name: 'Kubernetes', open: openCluster })
