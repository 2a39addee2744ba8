/** On globalThis, because Next's development server loads modules again on each change. */
const holder = globalThis as typeof globalThis & { creditsPerProcess?: Map<string, unknown> }

/** What this process has one of, by name. */
export const ofThisProcess: Map<string, unknown> = holder.creditsPerProcess ?? new Map()
holder.creditsPerProcess = ofThisProcess

/** What a process needs one of, such as its pool of connections: made on first use, the same from then on. */
export function perProcess<T>(name: string, make: () => T): T {
  if (!ofThisProcess.has(name)) ofThisProcess.set(name, make())
  return ofThisProcess.get(name) as T
}
