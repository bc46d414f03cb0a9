// YAML that every reader of Compose files takes for the same: our own, Docker's, and those of YAML 1.1.
import { DEFAULT_SCALAR_STYLE_RULES, type DumpOptions, SCALAR_STYLE, type ScalarLayout } from 'js-yaml'
import { resolvePlain } from '../read/yaml-scalar.ts'

/** Words and looks that mean something else to YAML 1.1: `yes`, `0o7`, `1:30`, `2024-01-01`, `=`. */
const OTHERS_READ = /^(?:y|n|yes|no|on|off|[-+.]?[0-9][-+0-9_.,:\sa-fotxz]*|<<|=|~|null|true|false)$/i

export const YAML_STYLE: DumpOptions = {
  noRefs: true,
  lineWidth: -1,
  quoteStyle: 'double',
  scalarStyleRules: [quoteWhatLooksOtherwise, ...Object.values(DEFAULT_SCALAR_STYLE_RULES)],
}

function quoteWhatLooksOtherwise(layout: ScalarLayout): void {
  const { value, tag } = layout.node
  if (!tag.endsWith(':str') || layout.style !== SCALAR_STYLE.PLAIN) return
  if (OTHERS_READ.test(value) || resolvePlain(value, -1).value !== value)
    layout.style = SCALAR_STYLE.DOUBLE_QUOTED
}
