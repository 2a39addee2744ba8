// On globalThis, because Next has several copies of a module and its development server loads them again on each change.
// What is thrown here is therefore not to be asked for its class by another copy.
const holder = globalThis as typeof globalThis & { creditsPerProcess?: Map<string, unknown> }

/** What this process has one of, by name. */
export const ofThisProcess: Map<string, unknown> = holder.creditsPerProcess ?? new Map()
holder.creditsPerProcess = ofThisProcess

/** What a process needs one of, such as its pool of connections: made on first use, the same from then on. */
export function perProcess<T>(name: string, make: () => T): T {
  if (!ofThisProcess.has(name)) ofThisProcess.set(name, make())
  return ofThisProcess.get(name) as T
}
