"use client"

import { useRouter } from "next/navigation"
import { useRef, useState } from "react"
import { LimitForm } from "@/components/limits/limit-form"
import type { LimitActions, LimitEntry, LimitSubject } from "@/components/limits/limit-types"
import { Button } from "@/components/ui/button"
import { Dialog } from "@/components/ui/dialog"
import { Notice } from "@/components/ui/notice"
import { showToast } from "@/components/ui/show-toast"
import { useAction } from "@/components/ui/use-action"

type ChangeLimitButtonProps = { kind: "member" | "api_key"; limit: LimitEntry; actions: LimitActions }

const UNREACHABLE = "No answer came, so the limit may still be there. Check your connection, then try again."

export function ChangeLimitButton({ kind, limit, actions }: ChangeLimitButtonProps) {
  const router = useRouter()
  const button = useRef<HTMLButtonElement>(null)
  const [opening, setOpening] = useState(0)
  const [isOpen, setIsOpen] = useState(false)
  const [saving, setSaving] = useState(false)
  const { pending, refusal, call, forgetRefusal } = useAction(actions.removeLimit, {
    unreachable: UNREACHABLE,
  })
  const isBusy = saving || pending
  const subject: LimitSubject =
    kind === "member"
      ? { kind: "member", memberId: limit.subjectId }
      : { kind: "api_key", apiKeyId: limit.subjectId }

  function finish(title: string) {
    setIsOpen(false)
    showToast({ tone: "done", title })
    router.refresh()
  }

  async function remove() {
    const result = await call({ limitId: limit.id })
    if (result?.ok) finish(`${limit.name} has no limit now.`)
  }

  return (
    <>
      <Button
        aria-haspopup="dialog"
        aria-label={`Change the limit of ${limit.name}`}
        onClick={() => {
          forgetRefusal()
          setOpening((count) => count + 1)
          setIsOpen(true)
        }}
        ref={button}
        size="small"
      >
        Change
      </Button>
      <Dialog
        description={kind === "member" && limit.detail !== limit.name ? limit.detail : undefined}
        finalFocus={button}
        onOpenChange={(nextOpen) => !nextOpen && !isBusy && setIsOpen(false)}
        open={isOpen}
        title={limit.name}
      >
        <LimitForm
          freeKeys={[]}
          key={opening}
          kind={kind}
          known={{ limit, subject }}
          onCancel={() => setIsOpen(false)}
          onPendingChange={setSaving}
          onSaved={() => finish("Limit saved.")}
          saveLimit={actions.saveLimit}
        />
        <div className="mt-4 flex flex-col gap-3 border-t border-border pt-4">
          {refusal && (
            <Notice announce tone="danger">
              {refusal.message}
            </Notice>
          )}
          <div className="flex items-center justify-between gap-4">
            <p className="text-caption text-muted">Without a limit, usage goes on.</p>
            <Button disabled={saving} onClick={remove} pending={pending} size="small" variant="danger">
              Remove limit
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  )
}
