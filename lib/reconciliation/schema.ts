import { z } from "zod"

/** A team's own check has nothing to choose. */
export const runReconciliationSchema = z.strictObject({})
