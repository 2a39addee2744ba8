"use server"

import { redirect } from "next/navigation"
import { z } from "zod"
import { beginSignIn } from "@/lib/auth/begin-sign-in"
import { signInAsDemoUser } from "@/lib/auth/demo-sign-in"
import { endSession } from "@/lib/auth/session"
import { requireSameOrigin } from "@/lib/web/require-same-origin"

// What a page binds to an action comes back from the browser, where anybody may change it.
const roleSchema = z.enum(["OWNER", "ADMIN", "MEMBER"])
const providerSchema = z.enum(["google", "github"])

export async function continueAs(role: "OWNER" | "ADMIN" | "MEMBER", next: string): Promise<void> {
  await requireSameOrigin()
  redirect(await signInAsDemoUser(roleSchema.parse(role), next))
}

export async function sendSignInLink(next: string, form: FormData): Promise<void> {
  await requireSameOrigin()
  redirect(await beginSignIn("email", { email: String(form.get("email") ?? ""), callbackPath: next }))
}

export async function continueWith(provider: "google" | "github", next: string): Promise<void> {
  await requireSameOrigin()
  redirect(await beginSignIn(providerSchema.parse(provider), { callbackPath: next }))
}

export async function signOut(): Promise<void> {
  await requireSameOrigin()
  await endSession()
  redirect("/sign-in")
}
