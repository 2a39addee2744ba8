/** The bank's page: two buttons, and the answer goes to the checkout around it or back to the shop. */
for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-outcome]")) {
  button.addEventListener("click", async () => {
    for (const each of document.querySelectorAll("button")) each.disabled = true
    const response = await fetch(window.location.pathname, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ outcome: button.dataset.outcome }),
    })
    const outcome = (await response.json()) as { redirect?: string | null }
    const nested = new URL(window.location.href).searchParams.has("nested")
    if (nested) window.parent.postMessage(outcome, window.location.origin)
    else if (outcome.redirect) window.location.assign(outcome.redirect)
    else document.body.textContent = "You can close this window."
  })
}

export {}
