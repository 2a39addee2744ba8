import { z } from "zod"

/** One mail address, never a list or a header. NFKC and lower case make two spellings of it one. */
export const addressSchema = z.string().normalize("NFKC").trim().toLowerCase().max(254).pipe(z.email())
