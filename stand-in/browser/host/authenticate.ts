import { createFrame, listenTo } from "./frame"

/** Opens the bank's page above everything else and waits until the cardholder has answered. */
export function authenticate(secret: string): Promise<void> {
  const dialog = document.createElement("dialog")
  dialog.setAttribute("aria-label", "Authentication of your bank")
  const frame = createFrame({
    path: `/three-d-secure/${encodeURIComponent(secret)}`,
    name: "authentication",
    title: "Authentication of your bank",
    style: { height: "100%", colorScheme: "light" },
  })
  const style: Partial<CSSStyleDeclaration> = {
    width: "min(440px, calc(100% - 24px))",
    height: "320px",
    // The shop's own styles may have removed the centring.
    margin: "auto",
    padding: "0",
    border: "0",
    borderRadius: "12px",
    overflow: "hidden",
    boxShadow: "0 20px 60px rgb(0 0 0 / 35%)",
  }
  Object.assign(dialog.style, style)
  dialog.append(frame)
  document.body.append(dialog)
  return new Promise((resolve) => {
    const stopListening = listenTo(frame, () => dialog.close())
    dialog.addEventListener("cancel", (event) => event.preventDefault())
    dialog.addEventListener("close", () => {
      stopListening()
      dialog.remove()
      resolve()
    })
    dialog.showModal()
  })
}
