declare global {
  interface Window {
    /** Everything that the page's policy has refused, for tests to read. */
    violations: string[]
  }
}

window.violations = []
document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
  window.violations.push(`${violatedDirective} ${blockedURI}`)
})

export {}
