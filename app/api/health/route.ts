export { checkHealth as GET } from "@/lib/web/health"

export const dynamic = "force-dynamic"
