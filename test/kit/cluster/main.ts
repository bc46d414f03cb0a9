/** `npm run cluster up|down|status|images`: the test cluster for a person to play with. */
import { down } from './down.ts'
import { buildImages, buildNotebook } from './images.ts'
import { readSettings } from './settings.ts'
import { forgetUsers, publishKubeconfig, withLock } from './share.ts'
import { describeCluster } from './status.ts'
import { upOrNothing } from './up-or-nothing.ts'

const USAGE = `usage: npm run cluster <command>
  up                  start the test cluster in the background (builds it the first time: some minutes)
  down                stop it and remove what it left
  status              what runs
  images [notebook]   make the test images; with "notebook" a JupyterLab as jupyter/datascience-notebook too`

const report = (line: string) => console.log(line)

async function main([command, detail]: string[]): Promise<void> {
  const settings = readSettings()
  switch (command) {
    case 'up':
      await withLock(settings, report, async () => {
        await upOrNothing(settings, report)
        await forgetUsers(settings)
      })
      await publishKubeconfig(settings)
      return report(`the cluster is ready: KUBECONFIG=${settings.kubeconfig}`)
    case 'down':
      await withLock(settings, report, async () => {
        await down(settings, report)
        await forgetUsers(settings)
      })
      return report('no test cluster runs')
    case 'status':
      return report(await describeCluster(settings))
    case 'images':
      await buildImages(report)
      if (detail === 'notebook') await buildNotebook(report)
      return report('the images are there')
    default:
      report(USAGE)
      process.exitCode = 2
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
