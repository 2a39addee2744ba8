"use client"

import { useRouter } from "next/navigation"
import { useRef, useState } from "react"
import { Button } from "@/components/ui/button"
import { Dialog } from "@/components/ui/dialog"
import { FormEnd } from "@/components/ui/form-end"
import { SecretStep } from "@/components/ui/secret-step"
import { useAction } from "@/components/ui/use-action"
import type { ActionResult } from "@/lib/web/action-result"
import type { NewSecret } from "@/lib/webhooks/schema"

const UNREACHABLE =
  "No answer came, so the secret may have been replaced without being shown. If it was, replace it once more."

/** Asks for confirmation, then shows the new secret. */
export function ReplaceSecretButton({ rotate }: { rotate: () => Promise<ActionResult<NewSecret>> }) {
  const router = useRouter()
  const button = useRef<HTMLButtonElement>(null)
  const [isOpen, setIsOpen] = useState(false)
  const [secret, setSecret] = useState<string | null>(null)
  const { pending, refusal, call, forgetRefusal } = useAction(rotate, { unreachable: UNREACHABLE })

  function close() {
    setIsOpen(false)
    if (secret) router.refresh()
  }

  async function replace() {
    const result = await call()
    if (result?.ok) setSecret(result.value.secret)
  }

  return (
    <>
      <Button
        aria-haspopup="dialog"
        aria-label="Replace signing secret"
        onClick={() => {
          setSecret(null)
          forgetRefusal()
          setIsOpen(true)
        }}
        ref={button}
        size="small"
      >
        Replace
      </Button>
      <Dialog
        finalFocus={button}
        onOpenChange={(open) => !open && !pending && close()}
        open={isOpen}
        title={secret ? "Copy the new signing secret" : "Replace the signing secret?"}
      >
        {secret ? (
          <SecretStep onDone={close} secret={secret} what="secret">
            For a day events are signed with the old one too: put this one in its place until then.
          </SecretStep>
        ) : (
          <div className="flex flex-col gap-4">
            <p>For a day events are signed with the old and the new secret, so that none is refused.</p>
            <FormEnd onCancel={close} pending={pending} problem={refusal?.message}>
              <Button onClick={replace} pending={pending} variant="primary">
                Replace secret
              </Button>
            </FormEnd>
          </div>
        )}
      </Dialog>
    </>
  )
}
