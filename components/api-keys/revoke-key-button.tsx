"use client"

import { useRouter } from "next/navigation"
import { useRef, useState } from "react"
import type { ApiKeyEntry, RevokeApiKey } from "@/components/api-keys/api-key-types"
import { Button } from "@/components/ui/button"
import { Dialog } from "@/components/ui/dialog"
import { Notice } from "@/components/ui/notice"
import { showToast } from "@/components/ui/show-toast"
import { SCOPE_WORDS } from "@/lib/api-keys/scopes"

const UNREACHABLE = "The key couldn’t be revoked and may still work. Check your connection, then try again."

/** Asks once more, and says what stops working. */
export function RevokeKeyButton({
  apiKey,
  revokeApiKey,
}: {
  apiKey: ApiKeyEntry
  revokeApiKey: RevokeApiKey
}) {
  const { id, name, last4, scopes } = apiKey
  const router = useRouter()
  const button = useRef<HTMLButtonElement>(null)
  const cancel = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState(false)
  const [pending, setPending] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const isRevoked = useRef(false)

  async function revoke() {
    setPending(true)
    setProblem(null)
    const result = await revokeApiKey({ apiKeyId: id }).catch(() => null)
    setPending(false)
    if (!result?.ok) return setProblem(result?.message ?? UNREACHABLE)
    isRevoked.current = true
    setOpen(false)
    showToast({ tone: "done", title: `“${name}” is revoked.` })
    router.refresh()
  }

  return (
    <>
      <Button
        aria-haspopup="dialog"
        aria-label={`Revoke ${name}`}
        onClick={() => {
          setProblem(null)
          setOpen(true)
        }}
        ref={button}
        size="small"
      >
        Revoke
      </Button>
      <Dialog
        // The button goes when its key is revoked, and the focus must not go with it: then the page's first control has it.
        finalFocus={() => (isRevoked.current ? document.getElementById("main") : button.current)}
        initialFocus={cancel}
        onOpenChange={(nextOpen) => {
          // Whoever asked learns what became of it.
          if (!pending) setOpen(nextOpen)
        }}
        open={open}
        title={`Revoke “${name}”?`}
      >
        <div className="flex flex-col gap-4">
          <div className="flex flex-col gap-2">
            <p>
              Programs that use the key ending in {last4} are refused from their next request on. They can no
              longer:
            </p>
            <ul className="list-disc pl-5">
              {scopes.map((scope) => (
                <li key={scope}>{SCOPE_WORDS[scope].title.toLowerCase()}</li>
              ))}
            </ul>
            <p>This can’t be undone.</p>
          </div>
          {problem && (
            <Notice announce tone="danger">
              {problem}
            </Notice>
          )}
          <div className="flex justify-end gap-3 max-sm:flex-col-reverse">
            <Button disabled={pending} onClick={() => setOpen(false)} ref={cancel}>
              Cancel
            </Button>
            <Button onClick={revoke} pending={pending} variant="danger">
              Revoke key
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  )
}
