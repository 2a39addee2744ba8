import type { ChaosWorld } from "./world"

/** One pass of the product's reconciliation. */
export async function reconcile(_world: ChaosWorld): Promise<void> {}
