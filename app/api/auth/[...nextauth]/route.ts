export { handleCallback as GET } from "@/lib/auth/handler"
