// The contract on a swarm of one node.
import { keepsTheContract } from './contract.ts'
import { openDocker } from './places/docker.ts'

keepsTheContract({
  name: 'Swarm',
  open: () => openDocker('swarm'),
  cannot: {
    'logs that are followed go on over a restart and an end of the container, and end with the system':
      'a swarm stops the restart of a service whose new task ends within its first seconds',
    'a service that takes more memory than it may is said to have':
      'a manager tells with which code a task has ended, and not that it was the memory',
    'a dependency that is unhealthy for too long fails what waits for it to be healthy':
      'a swarm itself ends a task that is unhealthy and starts another one, which is told as such',
  },
})
