const query = new URL(window.location.href).searchParams

/** The checkout around this page has the same origin. A shop's page names its own. */
function tellAround(outcome: object): boolean {
  if (window.parent === window) return false
  const host = query.get("host")
  if (query.has("nested")) window.parent.postMessage(outcome, window.location.origin)
  else if (host !== null) window.parent.postMessage({ type: "authenticated" }, host)
  return true
}

/** The bank's page: two buttons, whose answer goes to the page around it or back to the shop. */
for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-outcome]")) {
  // The page has them disabled, so that nobody presses one that doesn't listen yet.
  button.disabled = false
  button.addEventListener("click", async () => {
    for (const each of document.querySelectorAll("button")) each.disabled = true
    const response = await fetch(window.location.pathname, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ outcome: button.dataset.outcome }),
    })
    const outcome = (await response.json()) as { redirect?: string | null }
    if (tellAround(outcome)) return
    if (outcome.redirect) window.location.assign(outcome.redirect)
    else document.body.textContent = "You can close this window."
  })
}

export {}
