// Colours where the stream shows them; NO_COLOR, FORCE_COLOR and pipes are Node's to judge.
import { styleText } from 'node:util'

export type Style = 'red' | 'yellow' | 'green' | 'cyan' | 'blue' | 'magenta' | 'bold' | 'dim'

export type Paint = (style: Style, text: string) => string

export function createPaint(stream: NodeJS.WritableStream): Paint {
  return (style, text) => styleText(style, text, { stream })
}
