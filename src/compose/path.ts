// Key paths as Problems name them: `services.web.ports[0]`.

export function keyPath(parent: string, key: string): string {
  return parent === '' ? key : `${parent}.${key}`
}

export function itemPath(parent: string, index: number): string {
  return `${parent}[${index}]`
}
