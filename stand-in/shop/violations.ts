declare global {
  interface Window {
    /** All that the page's policy has refused. Tests read it. */
    violations: string[]
  }
}

window.violations = []
document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
  window.violations.push(`${violatedDirective} ${blockedURI}`)
})

export {}
