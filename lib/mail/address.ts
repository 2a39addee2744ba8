import { z } from "zod"

/** One mail address, as two spellings of the same are one: NFKC, lower case. Never a list, never a header. */
export const addressSchema = z.string().normalize("NFKC").trim().toLowerCase().max(254).pipe(z.email())
