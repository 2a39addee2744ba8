import { api } from "@/lib/api/app"

export const runtime = "nodejs"
export const dynamic = "force-dynamic"

const answer = (request: Request) => api.fetch(request)

export const GET = answer
export const HEAD = answer
export const POST = answer
export const PUT = answer
export const PATCH = answer
export const DELETE = answer
export const OPTIONS = answer
