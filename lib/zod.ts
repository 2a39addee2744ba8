import { z } from "zod"

// In a browser zod would compile schemas with `new Function`, which our content policy refuses and reports.
if ("document" in globalThis) z.config({ jitless: true })

/** For schemas that forms use too. */
export { z }
