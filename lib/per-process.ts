// On globalThis, because Next has several copies of a module, and its development server loads them again on each
// change. For the same reason, don't test an error thrown here by its class.
const holder = globalThis as typeof globalThis & { creditsPerProcess?: Map<string, unknown> }

/** This process's single instances, by name. */
export const ofThisProcess: Map<string, unknown> = holder.creditsPerProcess ?? new Map()
holder.creditsPerProcess = ofThisProcess

/**
 * Returns something of which a process needs one, such as a connection pool: made on first use, the same from then
 * on.
 */
export function perProcess<T>(name: string, make: () => T): T {
  if (!ofThisProcess.has(name)) ofThisProcess.set(name, make())
  return ofThisProcess.get(name) as T
}
